import * as z from "zod";
import { operation } from "./access.ts";
import * as field from "./fields.ts";

/** What a note is about: the peer itself, or the alarms that stand against it. */
export const noteSubject = z.enum(["peer", "alarms"]);

const note = z.strictObject({
  about: noteSubject,
  peer: field.stationName,
  text: z.string(),
  /** 0 while nobody has written one. */
  version: field.count,
  changedBy: field.operatorName.nullable(),
  changedAt: field.instant.nullable(),
});

const subject = { about: noteSubject, peer: field.stationName };

/** What people tell each other about a peer: whom to call, what was agreed. It never crosses. */
export const notes = {
  show: operation({
    permission: "peers.read",
    reach: { input: { peer: "peer" } },
    effect: "read",
    summary: "Show the note that people here keep about a peer, or about its alarms",
  })
    .input(z.strictObject(subject))
    .output(note),
  write: operation({
    permission: "notes.write",
    reach: { input: { peer: "peer" } },
    effect: "change",
    summary: "Write the note about a peer or its alarms; refused when somebody else has written meanwhile",
  })
    .input(
      z.strictObject({
        ...subject,
        text: z.string().max(4000),
        /** Of the note that was read before; 0 where there was none. */
        version: field.version,
      }),
    )
    .output(note),
};
