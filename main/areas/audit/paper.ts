import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { contract } from "../../../shared/contract/contract.ts";
import { Refusal } from "../../../shared/errors.ts";
import { en } from "../../../shared/strings/en.ts";
import { logOrigin, openNote, parseCheckpointText, shortCode } from "../../station/audit/checkpoint.ts";
import type { Checkpoints, StoredCheckpoint } from "../../station/audit/checkpoints.ts";
import { sha256Hex } from "../../station/crypto/hash.ts";
import type { AreaHandlers } from "../../station/handlers.ts";
import type { Call, Kernel } from "../../station/kernel.ts";
import { writeHtml } from "../../station/print/html.ts";
import { keyText } from "./proofs.ts";

type Handlers = AreaHandlers<typeof contract.audit>;

/** What a sheet of paper says about the log. */
interface Paper {
  readonly events: number;
  /** Null when only the short code is there. */
  readonly root: Buffer | null;
  readonly code: string;
  /** Our own key signed it: nobody can accuse the station of a head that it never had. */
  readonly signed: boolean;
  /** As given, for the evidence. */
  readonly text: string;
}

/** The log's head on paper, and paper against the log. */
export function createPaper(
  kernel: Kernel,
  checkpoints: Checkpoints,
): Pick<Handlers, "printCheckpoint" | "compareCheckpoint"> {
  return {
    printCheckpoint() {
      const made = checkpoints.make();
      const document = checkpointPage(kernel, made, checkpoints.keys().map(keyText));
      const source = JSON.stringify({ format: "sallyport-checkpoint@v1", events: made.size });
      return {
        events: made.size,
        root: made.root.toString("hex"),
        code: shortCode(made.root),
        note: made.note,
        signedAt: made.signedAt,
        document,
        html: writeHtml(document, source),
      };
    },

    compareCheckpoint(input, call) {
      const paper =
        input.text === undefined
          ? typedPaper(input.code ?? "", input.events ?? 0)
          : readPaper(kernel, checkpoints, input.text);
      const head = kernel.audit.head();
      const before = paper.events > head.events ? null : kernel.audit.tree.rootAt(paper.events);
      const holds =
        before !== null &&
        (paper.root === null ? shortCode(before) === paper.code : paper.root.equals(before));
      const verdict = holds ? (paper.events === head.events ? "same" : "grown") : "differs";
      // A typing fault must not close the station: what nobody signed counts only when it was looked at twice.
      const alarm = verdict === "differs" && (paper.signed || input.sure);
      call.commit((event) => {
        event({
          action: "audit.checkpoint-compared",
          object: `${paper.events} events`,
          outcome: verdict === "differs" ? "refused" : "done",
          details: { verdict, code: paper.code, signed: paper.signed, events: head.events, alarm },
        });
        if (alarm) raiseAlarm(kernel, paper, before, call);
      });
      kernel.changes.publish("audit");
      return {
        verdict,
        paper: { events: paper.events, root: paper.root?.toString("hex") ?? null, code: paper.code },
        before: before === null ? null : { root: before.toString("hex"), code: shortCode(before) },
        now: { ...head, code: shortCode(Buffer.from(head.root, "hex")) },
        signed: paper.signed,
        alarm,
      };
    },
  };
}

function checkpointPage({ identity }: Kernel, made: StoredCheckpoint, keys: readonly string[]) {
  const text = en.reports.checkpoint;
  const station = identity();
  return {
    title: text.title,
    subtitle: text.subtitle(station.name, en.ui.sides[station.side], made.signedAt),
    blocks: [
      { kind: "text" as const, text: text.about },
      { kind: "code" as const, title: text.code, text: shortCode(made.root) },
      {
        kind: "facts" as const,
        rows: [
          { name: text.facts.station, value: `${station.name} (${station.id})` },
          { name: text.facts.lineage, value: station.lineage },
          { name: text.facts.events, value: String(made.size) },
          { name: text.facts.root, value: made.root.toString("hex") },
          { name: text.facts.signedAt, value: made.signedAt },
          ...keys.map((key) => ({ name: text.facts.key, value: key })),
        ],
      },
      { kind: "qr" as const, title: text.qr, text: made.note },
      { kind: "exact" as const, title: text.note, text: made.note },
      { kind: "text" as const, text: text.compare },
      { kind: "lines" as const, title: text.by, captions: [...text.lines] },
    ],
  };
}

/** Letters that are taken for digits, as hands and eyes do. */
function typedPaper(typed: string, events: number): Paper {
  const hex = typed.toLowerCase().replaceAll("o", "0").replaceAll(/[il]/g, "1").replaceAll(/[\s-]/g, "");
  if (!/^[0-9a-f]{10}$/.test(hex)) {
    throw new Refusal("bad-input", "At code: a code has ten hex digits, such as 1f8a9-d3f74.", {
      path: "code",
    });
  }
  const code = `${hex.slice(0, 5)}-${hex.slice(5)}`;
  return { events, root: null, code, signed: false, text: `${events} events, code ${code}\n` };
}

/** What a scanner or a hand may have changed and no signature covers: line ends, blanks at ends, empty lines around. */
function tidied(text: string): string {
  const lines = text.replaceAll("\r", "").split("\n");
  return `${lines
    .map((line) => line.trim())
    .join("\n")
    .trim()}\n`;
}

function readPaper({ identity }: Kernel, checkpoints: Checkpoints, given: string): Paper {
  const text = tidied(given);
  const opened = openNote(text, checkpoints.everyKey());
  const body = opened.ok ? opened.text : (/^[^\n]+\n[^\n]+\n[^\n]+\n/.exec(text)?.[0] ?? "");
  const read = parseCheckpointText(body);
  if (read === null || read.size === 0) {
    throw new Refusal(
      "bad-input",
      "At text: this is no checkpoint. It begins with three lines: whose log, how many events, the root.",
      { path: "text" },
    );
  }
  const { id, lineage } = identity();
  if (read.origin !== logOrigin(id, lineage)) {
    const own = read.origin.startsWith(`sallyport/${id}/`);
    throw new Refusal(
      "refused",
      own
        ? "This is a checkpoint of an earlier lineage of this station, from before a restore. It can't be compared with the log of now."
        : `This is a checkpoint of another log: ${read.origin}.`,
      { reason: own ? "other-lineage" : "other-log", safe: "Nothing was compared." },
    );
  }
  if (!opened.ok && opened.fault === "bad-signature") {
    throw new Refusal("refused", "The signature does not belong to this text: one of the two was changed.", {
      reason: "bad-signature",
      safe: "Nothing was compared, and no alarm was raised: anybody can write such a note.",
      remedy: "Scan the code again, or type the short code and the number of events.",
    });
  }
  return { events: read.size, root: read.root, code: shortCode(read.root), signed: opened.ok, text };
}

/** Inside the transaction of the comparison. The paper's text is kept beside the log, by its hash: it is written once. */
function raiseAlarm(kernel: Kernel, paper: Paper, before: Buffer | null, call: Call): void {
  const { events, root } = kernel.audit.head();
  const kept = join(kernel.paths.audit, `paper-at-alarm-${sha256Hex(paper.text).slice(0, 16)}`);
  const evidence = {
    events,
    root,
    remembered: paper.events,
    rememberedRoot: paper.root?.toString("hex") ?? paper.code,
    rootThen: before?.toString("hex") ?? null,
    kept,
  };
  const sentence =
    before === null
      ? `A printed checkpoint has ${paper.events} events, and the log has ${events}. Its end was cut off, or an older copy of the station was put back.`
      : `The first ${paper.events} events of the log are not the ones that were printed. Events were changed, or an older copy of the station was put back and went on.`;
  const { alarms } = kernel.audit;
  if (alarms.open().some((one) => one.kind === "paper-differs" && one.sentence === sentence)) return;
  writeFileSync(kept, paper.text);
  alarms.raise({ kind: "paper-differs", sentence, evidence, raisedAt: kernel.clock().toISOString() });
  kernel.audit.append({
    actor: call.operator,
    action: "audit.alarm-raised",
    object: "paper-differs",
    outcome: "failed",
    details: evidence,
  });
}
