import * as z from "zod";
import { operation } from "./access.ts";
import * as field from "./fields.ts";

/** The pages where somebody can be; no address, so that nothing typed into one is handed on. */
export const presencePage = z.enum(["watch", "transfer", "requests", "audit", "people", "station"]);

/** What somebody has before them, or is editing. */
export const presenceSubject = z.enum(["peer", "alarms", "operator", "request", "approval"]);

const subjectName = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, "the name or id of what is looked at");

const present = z.strictObject({
  operator: field.operatorName,
  /** What they are called, where they said so. */
  displayName: z.string(),
  /** `window`, `page`, `command line`. */
  face: z.string(),
  /** Null where this asker may not read that page. */
  page: presencePage.nullable(),
  subject: z.strictObject({ kind: presenceSubject, name: z.string() }).nullable(),
  editing: z.boolean(),
  /** Since when they are signed in there. */
  since: field.instant,
  /** This very window, page or command line. */
  own: z.boolean(),
});

export const presence = {
  list: operation({
    permission: "station.read",
    reach: "none",
    effect: "read",
    summary: "Show who is here now, and where, as far as one may look there oneself",
  })
    .input(z.strictObject({}))
    .output(z.strictObject({ present: z.array(present) })),
  tell: operation({
    permission: "station.read",
    reach: "none",
    effect: "read",
    summary: "Tell the others which page this window shows, and what is being edited in it",
  })
    .input(
      z.strictObject({
        page: presencePage,
        subject: z.strictObject({ kind: presenceSubject, name: subjectName }).optional(),
        editing: z.boolean().default(false),
      }),
    )
    .output(z.strictObject({})),
};
