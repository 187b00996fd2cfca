import type { contract } from "../../../shared/contract/contract.ts";
import { Refusal } from "../../../shared/errors.ts";
import { holdsWhole } from "../../../shared/narrowing.ts";
import type { Checkpoints } from "../../station/audit/checkpoints.ts";
import { signBytes, verifyBytes } from "../../station/crypto/ed25519.ts";
import { randomHex } from "../../station/crypto/random.ts";
import type { AreaHandlers } from "../../station/handlers.ts";
import type { Call, Kernel } from "../../station/kernel.ts";
import { isActive, raisedBy, standingOf } from "../../station/keys/standing.ts";
import type { KeyStore, OperatorRow } from "../../station/keys/store.ts";
import type { SessionService } from "../session/service.ts";
import { countersignedText, signedText } from "./message.ts";
import { signoffStore, type SignoffRow } from "./store.ts";

type Handlers = AreaHandlers<typeof contract.signoffs>;

/** What somebody gives to sign: name, passphrase and code. */
export interface SignerInput {
  readonly operator?: string | undefined;
  readonly passphrase: string;
  readonly code?: string | undefined;
}

/** What is signed beside the log's head, and what else its event says. */
export interface Subject {
  readonly kind: SignoffRow["kind"];
  /** Head that it stands on; null is the head of now. */
  readonly head: { readonly size: number; readonly root: Buffer } | null;
  readonly sha256: string | null;
  readonly note: string;
  readonly details?: Readonly<Record<string, string | number | boolean | null>>;
}

export interface SignoffsService {
  readonly handlers: Handlers;
  /** Signs as the first one. The caller has checked what it is that is signed. */
  sign(subject: Subject, signer: SignerInput, call: Call): Signoff;
  /** What people did after the last shift that was signed for. */
  unsigned(): Unsigned | null;
  /** How long a shift may last without a sign-off; null when nothing asks. */
  shiftHours(): number | null;
  /** Sign-offs that wait for a second person, oldest first. */
  waiting(): { readonly signoff: string; readonly signer: string; readonly at: string }[];
  /** The size up to which reports of this kind were signed for. */
  signedTo(kind: SignoffRow["kind"]): number;
}

export type Signoff = ReturnType<typeof viewRow>;
export interface Unsigned {
  readonly since: string;
  readonly firstEvent: number;
  readonly events: number;
  readonly overdue: boolean;
}

const hourMs = 3_600_000;
/** A first signature that waits longer than this shows in the list alone. */
const mostWaiting = 20;

/** Signatures of people under the log's head and under reports, by the keys that their passphrases open. */
export function createSignoffsService(
  kernel: Kernel,
  checkpoints: Checkpoints,
  keys: KeyStore,
  session: SessionService,
): SignoffsService {
  const rows = signoffStore(kernel.store);
  const needsTwo = (): boolean => kernel.identity().people === "two";

  function find(id: string): SignoffRow {
    const row = rows.find(id);
    if (row === undefined) throw new Refusal("not-found", `There is no sign-off ${id} here.`);
    return row;
  }

  /** Why this operator can't be the second one; null when they can. */
  function excluded(row: OperatorRow, signer: string): string | null {
    if (row.name === signer) return "Nobody countersigns what they signed themselves.";
    if (!isActive(row) || !holdsWhole(standingOf(row).grants, "audit.read")) {
      return `${row.name} may not read the log.`;
    }
    return raisedBy(row, signer, kernel.clock());
  }

  function view(row: SignoffRow) {
    const { id: station } = kernel.identity();
    const seconds =
      row.counter_signer === null
        ? keys
            .operators()
            .filter((other) => excluded(other, row.signer) === null)
            .map((other) => other.name)
        : [];
    return viewRow(row, station, seconds, needsTwo());
  }

  function sign(subject: Subject, signer: SignerInput, call: Call): Signoff {
    const name = signer.operator ?? call.operator;
    const proof = session.prove(name, signer, call);
    const id = `s-${randomHex(8)}`;
    try {
      if (!holdsWhole(standingOf(proof.row).grants, "audit.read")) {
        throw new Refusal("not-allowed", `${name} may not read the log, and so not sign for it.`);
      }
      const head = subject.head ?? checkpoints.make();
      const { id: station, lineage } = kernel.identity();
      const at = kernel.clock().toISOString();
      const { kind, sha256, note } = subject;
      const root = head.root.toString("hex");
      const text = signedText({
        signoff: id,
        kind,
        station,
        lineage,
        events: head.size,
        root,
        sha256,
        note,
        signer: name,
        at,
      });
      const signature = signBytes(Buffer.from(text), proof.secrets.approval);
      const publicKey = proof.key.approval_public;
      call.commit((event) => {
        proof.settle(event);
        rows.add({
          id,
          kind,
          lineage,
          size: head.size,
          root: head.root,
          sha256,
          note,
          signer: name,
          signer_public: publicKey,
          signature,
          signed_at: at,
          counter_signer: null,
          counter_public: null,
          counter_signature: null,
          counter_at: null,
        });
        event({
          actor: name,
          action: "signoffs.signed",
          object: id,
          details: {
            ...subject.details,
            kind,
            events: head.size,
            root,
            sha256,
            note,
            at,
            publicKey: publicKey.toString("base64"),
            signature: signature.toString("base64"),
          },
        });
      });
    } finally {
      proof.wipe();
    }
    kernel.changes.publish("signoffs");
    return view(find(id));
  }

  function countersign(input: Parameters<Handlers["countersign"]>[0], call: Call): Signoff {
    const row = find(input.signoff);
    if (row.counter_signer !== null) {
      throw new Refusal("conflict", `${row.counter_signer} signed ${row.id} as the second one already.`);
    }
    const name = input.operator ?? call.operator;
    const proof = session.prove(name, input, call);
    try {
      const why = excluded(proof.row, row.signer);
      if (why !== null) throw new Refusal("not-allowed", `${why} ${row.id} still waits.`);
      const at = kernel.clock().toISOString();
      const text = countersignedText(firstText(row, kernel.identity().id), row.signature, {
        signer: name,
        at,
      });
      const signature = signBytes(Buffer.from(text), proof.secrets.approval);
      const publicKey = proof.key.approval_public;
      call.commit((event) => {
        proof.settle(event);
        if (!rows.counter(row.id, { name, publicKey, signature, at })) {
          throw new Refusal("conflict", `${row.id} was signed by somebody else meanwhile.`);
        }
        event({
          actor: name,
          action: "signoffs.countersigned",
          object: row.id,
          details: {
            kind: row.kind,
            events: row.size,
            first: row.signer,
            at,
            over: name === call.operator ? null : call.operator,
            publicKey: publicKey.toString("base64"),
            signature: signature.toString("base64"),
          },
        });
      });
    } finally {
      proof.wipe();
    }
    kernel.changes.publish("signoffs");
    return view(find(row.id));
  }

  function unsigned(): Unsigned | null {
    const { lineage } = kernel.identity();
    const size = rows.signedTo("shift", lineage, needsTwo());
    const first = rows.firstHumanAfter(size);
    if (first === undefined) return null;
    const hours = session.shiftHours();
    const ageMs = kernel.clock().getTime() - Date.parse(first.at);
    return {
      since: first.at,
      firstEvent: first.seq,
      events: kernel.audit.head().events - first.seq + 1,
      overdue: hours !== null && ageMs > hours * hourMs,
    };
  }

  return {
    sign,
    unsigned,
    shiftHours: () => session.shiftHours(),
    signedTo: (kind) => rows.signedTo(kind, kernel.identity().lineage, false),
    waiting() {
      if (!needsTwo()) return [];
      return rows
        .page(Number.MAX_SAFE_INTEGER, mostWaiting)
        .filter((row) => row.counter_signer === null)
        .map((row) => ({ signoff: row.id, signer: row.signer, at: row.signed_at }))
        .toReversed();
    },
    handlers: {
      list(input) {
        const below = input.after === undefined ? Number.MAX_SAFE_INTEGER : Number(input.after);
        if (!Number.isSafeInteger(below)) {
          throw new Refusal("bad-input", "At after: not a place in this list.", { path: "after" });
        }
        const found = rows.page(below, input.limit + 1);
        const page = found.slice(0, input.limit);
        return {
          signoffs: page.map(view),
          next: found.length > input.limit ? String(page.at(-1)?.place) : null,
          unsigned: unsigned(),
          shiftHours: session.shiftHours(),
        };
      },
      sign: (input, call) => sign({ kind: "shift", head: null, sha256: null, note: input.note }, input, call),
      countersign,
    },
  };
}

function firstText(row: SignoffRow, station: string): string {
  return signedText({
    signoff: row.id,
    kind: row.kind,
    station,
    lineage: row.lineage,
    events: row.size,
    root: row.root.toString("hex"),
    sha256: row.sha256,
    note: row.note,
    signer: row.signer,
    at: row.signed_at,
  });
}

function viewRow(row: SignoffRow, station: string, seconds: string[], needsTwo: boolean) {
  const text = firstText(row, station);
  const { counter_signer: by, counter_public: key, counter_signature: signed, counter_at: at } = row;
  const second =
    by === null || key === null || signed === null || at === null
      ? null
      : signatureView(countersignedText(text, row.signature, { signer: by, at }), { by, key, signed, at });
  return {
    signoff: row.id,
    kind: row.kind,
    events: row.size,
    root: row.root.toString("hex"),
    sha256: row.sha256,
    note: row.note,
    first: signatureView(text, {
      by: row.signer,
      key: row.signer_public,
      signed: row.signature,
      at: row.signed_at,
    }),
    second,
    state: second !== null || !needsTwo ? ("whole" as const) : ("waiting" as const),
    seconds,
  };
}

function signatureView(
  text: string,
  { by, key, signed, at }: { by: string; key: Buffer; signed: Buffer; at: string },
) {
  return {
    by,
    at,
    text,
    signature: signed.toString("base64"),
    publicKey: key.toString("base64"),
    holds: verifyBytes(Buffer.from(text), signed, key),
  };
}
