import * as z from "zod";
import type { contract } from "../../../shared/contract/contract.ts";
import type { Printed } from "../../../shared/contract/printed.ts";
import { reportKind } from "../../../shared/contract/reports.ts";
import { Refusal } from "../../../shared/errors.ts";
import { en } from "../../../shared/strings/en.ts";
import { shortCode } from "../../station/audit/checkpoint.ts";
import type { Checkpoints, StoredCheckpoint } from "../../station/audit/checkpoints.ts";
import { sha256Hex } from "../../station/crypto/hash.ts";
import type { AreaHandlers } from "../../station/handlers.ts";
import type { Kernel } from "../../station/kernel.ts";
import { readSource, writeHtml } from "../../station/print/html.ts";
import type { SignoffsService } from "../signoffs/service.ts";
import { accessBody } from "./access.ts";
import { exceptionsBody } from "./exceptions.ts";
import { integrityBody } from "./integrity.ts";
import { mediaBody } from "./media.ts";
import { expectAsSigned } from "./read-log.ts";
import type { MakeBody } from "./report.ts";
import { reviewBody } from "./review.ts";

type Kind = z.infer<typeof reportKind>;

const bodies: Readonly<Record<Kind, MakeBody>> = {
  integrity: integrityBody,
  review: reviewBody,
  media: mediaBody,
  access: accessBody,
  exceptions: exceptionsBody,
};

/** What a report can be made from again. It stands in the file's head; nothing else of the file is believed. */
const sourceShape = z.strictObject({
  format: z.literal("sallyport-report@v1"),
  kind: reportKind,
  origin: z.string().max(200),
  events: z.number().int().min(1),
  from: z.number().int().min(1),
  to: z.number().int().min(0),
  /** Events that were purged when it was made. */
  purged: z.number().int().min(0),
});
type Source = z.infer<typeof sourceShape>;

interface Made {
  readonly document: Printed;
  readonly html: string;
  readonly sha256: string;
  readonly people: string[];
  readonly source: Source;
  readonly checkpoint: StoredCheckpoint;
}

/**
 * Reports over the log. Each is computed from the events up to a signed checkpoint and from nothing else, after the log was
 * recomputed to that checkpoint's root: so it can be made again, to the byte, as long as the events are there.
 */
export function createReportsService(
  kernel: Kernel,
  checkpoints: Checkpoints,
  signoffs: SignoffsService,
): { readonly handlers: AreaHandlers<typeof contract.reports> } {
  async function compose(
    asked: Omit<Source, "purged" | "format" | "origin">,
    checkpoint: StoredCheckpoint,
  ): Promise<Made> {
    const { kind, from, to } = asked;
    const purged = await expectAsSigned(kernel, checkpoint);
    const source: Source = {
      format: "sallyport-report@v1",
      kind,
      origin: checkpoint.origin,
      events: checkpoint.size,
      from,
      to,
      purged,
    };
    const body = await bodies[kind]({ kernel, checkpoints, checkpoint, from, to, purged });
    const document = {
      ...head(kernel, source, checkpoint),
      blocks: [facts(source, checkpoint), ...body.blocks],
    };
    const html = writeHtml(document, JSON.stringify(source));
    return {
      document,
      html,
      sha256: sha256Hex(html),
      people: [...(body.people ?? [])],
      source,
      checkpoint,
    };
  }

  /** Makes the report anew that a file says it is. */
  async function again(html: string): Promise<Made> {
    const source = parseSource(html);
    const [checkpoint] = checkpoints.list(1, source.events + 1);
    if (checkpoint?.origin !== source.origin || checkpoint.size !== source.events) {
      throw new Refusal(
        "not-found",
        `This report was made from ${source.origin} at ${source.events} events, and this station's log has no such checkpoint.`,
        { path: "html", safe: "Nothing was compared." },
      );
    }
    return compose(source, checkpoint);
  }

  return {
    handlers: {
      async make({ kind, from, to }) {
        const checkpoint = checkpoints.make();
        const begin = from ?? (kind === "review" ? signoffs.signedTo("review") + 1 : 1);
        const end = Math.min(to ?? checkpoint.size, checkpoint.size);
        const made = await compose({ kind, events: checkpoint.size, from: begin, to: end }, checkpoint);
        const { document, html, sha256, people } = made;
        return { kind, events: checkpoint.size, from: begin, to: end, sha256, document, html, people };
      },

      async recompute({ html }) {
        const given = parseSource(html);
        const made = await again(html);
        return {
          same: made.html === html,
          kind: given.kind,
          events: given.events,
          sha256: sha256Hex(html),
          sha256Now: made.sha256,
          firstDifference: firstDifference(html, made.html),
          purgedSince: Math.max(0, made.source.purged - given.purged),
        };
      },

      async signOff(input, call) {
        const made = await again(input.html);
        if (made.html !== input.html) {
          throw new Refusal(
            "refused",
            "This is not the report that comes out of the log. Nothing was signed.",
            {
              reason: "other-report",
              remedy: "Make it again, read it, and sign that one.",
            },
          );
        }
        const { kind, from, to } = made.source;
        if (kind !== "review" && kind !== "access") {
          throw new Refusal("bad-input", `A report of the kind ${kind} is kept, not signed.`, {
            path: "html",
          });
        }
        const said = kind === "access" ? words(made.people, input.reviewed) : {};
        const subject = {
          kind,
          head: made.checkpoint,
          sha256: made.sha256,
          note: input.note,
          details: { from, to, ...said },
        };
        return signoffs.sign(subject, { passphrase: input.passphrase }, call);
      },
    },
  };
}

function parseSource(html: string): Source {
  const text = readSource(html);
  try {
    return sourceShape.parse(JSON.parse(text ?? ""));
  } catch (cause) {
    throw new Refusal(
      "bad-input",
      "At html: this is no report of this version; its head does not say what it was made from.",
      { path: "html" },
      { cause },
    );
  }
}

function head({ identity }: Kernel, source: Source, { signedAt }: StoredCheckpoint) {
  const { name, side } = identity();
  return {
    title: en.reports.titles[source.kind],
    subtitle: en.reports.subtitle(name, en.ui.sides[side], signedAt),
  };
}

function facts(source: Source, { root, signedAt }: StoredCheckpoint): Printed["blocks"][number] {
  const text = en.reports.facts;
  return {
    kind: "facts",
    rows: [
      { name: text.log, value: source.origin },
      { name: text.checkpoint, value: `${source.events} events, ${shortCode(root)}, ${signedAt}` },
      { name: text.root, value: root.toString("hex") },
      { name: text.about, value: source.to < source.from ? text.none : `${source.from} to ${source.to}` },
      ...(source.purged === 0 ? [] : [{ name: text.purged, value: text.purgedAbout(source.purged) }]),
      { name: text.input, value: JSON.stringify(source) },
      { name: text.again, value: text.againHow },
    ],
  };
}

/** Everybody in the report, and nobody else, with a word each: a review that leaves somebody out is none. */
function words(
  people: readonly string[],
  reviewed: readonly { readonly operator: string; readonly keep: boolean }[],
): { keep: string; change: string } {
  const said = new Map(reviewed.map(({ operator, keep }) => [operator, keep]));
  const missing = people.filter((name) => !said.has(name));
  const strange = [...said.keys()].filter((name) => !people.includes(name));
  if (missing.length > 0 || strange.length > 0) {
    const why = [
      ...(missing.length > 0 ? [`says nothing about ${missing.join(", ")}`] : []),
      ...(strange.length > 0 ? [`names ${strange.join(", ")}, who is not in the report`] : []),
    ];
    throw new Refusal("bad-input", `At reviewed: the review ${why.join(" and ")}. Nothing was signed.`, {
      path: "reviewed",
    });
  }
  const those = (keep: boolean): string => people.filter((name) => said.get(name) === keep).join(" ");
  return { keep: those(true), change: those(false) };
}

function firstDifference(a: string, b: string): number | null {
  if (a === b) return null;
  const [left, right] = [a.split("\n"), b.split("\n")];
  const at = left.findIndex((line, place) => line !== right[place]);
  return (at === -1 ? Math.min(left.length, right.length) : at) + 1;
}
