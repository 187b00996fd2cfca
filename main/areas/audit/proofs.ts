import { Refusal } from "../../../shared/errors.ts";
import type { contract } from "../../../shared/contract/contract.ts";
import type { Checkpoints, StoredCheckpoint } from "../../station/audit/checkpoints.ts";
import {
  consistencyHashes,
  inclusionHashes,
  isConsistent,
  rootFromInclusion,
} from "../../station/audit/proof.ts";
import { shortCode } from "../../station/audit/checkpoint.ts";
import { formatTlogProof } from "../../station/audit/tlog-proof.ts";
import { leafHash } from "../../station/audit/tree.ts";
import { formatVerifierKey, type VerifierKey } from "../../station/crypto/vkey.ts";
import type { AreaHandlers } from "../../station/handlers.ts";
import type { Kernel } from "../../station/kernel.ts";
import { goneEvent, type Retention } from "./retention.ts";

type Handlers = AreaHandlers<typeof contract.audit>;

/** A checkpoint as the contract shows it. */
export function shownCheckpoint({ origin, size, root, note, signedAt }: StoredCheckpoint) {
  return { origin, events: size, root: root.toString("hex"), note, signedAt };
}

/** Checkpoints, and the proofs that stand on them. */
export function createProofs(
  kernel: Kernel,
  checkpoints: Checkpoints,
  retention: Pick<Retention, "purgedWith">,
): Pick<Handlers, "checkpoint" | "checkpoints" | "prove" | "consistency"> {
  const keyTexts = (): string[] => checkpoints.keys().map(keyText);
  return {
    checkpoint() {
      const made = checkpoints.make();
      return { ...shownCheckpoint(made), keys: keyTexts(), code: shortCode(made.root) };
    },

    checkpoints(input) {
      const before = input.after === undefined ? Number.MAX_SAFE_INTEGER : Number(input.after);
      if (!Number.isSafeInteger(before)) throw badCursor();
      const rows = checkpoints.list(input.limit + 1, before);
      const page = rows.slice(0, input.limit);
      return {
        checkpoints: page.map(shownCheckpoint),
        next: rows.length > input.limit ? String(page.at(-1)?.size) : null,
      };
    },

    prove({ sequence }) {
      const leaf = kernel.store
        .prepare("SELECT leaf FROM audit_event WHERE seq = ?")
        .pluck()
        .get(sequence) as Buffer | undefined;
      if (leaf === undefined) throw goneEvent(sequence, retention.purgedWith(sequence));
      const newest = checkpoints.newest();
      const under = newest !== null && newest.size >= sequence ? newest : checkpoints.make();
      const index = sequence - 1;
      const hashes = inclusionHashes(kernel.audit.tree.reader(), index, under.size);
      // Nothing is handed out that its reader would find wrong.
      if (rootFromInclusion(leafHash(leaf), index, under.size, hashes)?.equals(under.root) !== true) {
        throw damaged(`Event ${sequence} does not lead to the checkpoint of ${under.size} events.`);
      }
      return {
        proof: formatTlogProof({ index, extra: leaf, hashes, checkpoint: under.note }),
        index,
        events: under.size,
        leafHash: leafHash(leaf).toString("hex"),
        root: under.root.toString("hex"),
        path: withSides(index, under.size, hashes),
        note: under.note,
        signedAt: under.signedAt,
        keys: keyTexts(),
      };
    },

    consistency({ since }) {
      const now = checkpoints.make();
      if (since > now.size) {
        throw new Refusal("not-found", `The log has ${now.size} events; it had never ${since}.`, {
          path: "since",
        });
      }
      const { tree } = kernel.audit;
      const hashes = consistencyHashes(tree.reader(), since, now.size);
      const sinceRoot = tree.rootAt(since);
      if (!isConsistent({ size: since, root: sinceRoot }, now, hashes)) {
        throw damaged(`The tree of ${since} events does not grow into that of ${now.size}.`);
      }
      const texts = hashes.map((hash) => hash.toString("base64"));
      return {
        proof: [`old ${since}`, ...texts, "", now.note].join("\n"),
        since,
        sinceRoot: sinceRoot.toString("hex"),
        events: now.size,
        root: now.root.toString("hex"),
        hashes: texts,
      };
    },
  };
}

/** A verifier key as C2SP writes it. */
export function keyText({ name, type, publicKey }: VerifierKey): string {
  return formatVerifierKey(name, type, publicKey);
}

/** On which side each sibling stands, for people; a verifier finds it from index and size. */
function withSides(index: number, size: number, hashes: readonly Buffer[]) {
  const path: { side: "left" | "right"; hash: string }[] = [];
  let place = index;
  let last = size - 1;
  for (const hash of hashes) {
    const left = place % 2 === 1 || place === last;
    path.push({ side: left ? "left" : "right", hash: hash.toString("hex") });
    if (left)
      while (place % 2 === 0 && place !== 0) [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
    [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  }
  return path;
}

function damaged(what: string): Refusal {
  return new Refusal("refused", `${what} The log or its tree was changed.`, {
    safe: "Nothing was handed out.",
    remedy: "Run audit verify: it names the first bad event.",
  });
}

export function badCursor(): Refusal {
  return new Refusal("bad-input", "At after: not a place in this list. Use the `next` of the page before.", {
    path: "after",
  });
}
