import * as z from "zod";
import { operation } from "./access.ts";
import * as field from "./fields.ts";

export const peerState = z.enum(["pending", "trusted", "revoked"]);

const peer = z.strictObject({
  name: field.stationName,
  station: field.stationId,
  side: field.side,
  state: peerState,
  fingerprint: field.fingerprint,
  ageRecipient: z.string(),
  serial: field.sequence,
  lineage: z.string().nullable(),
  /** A later, different lineage that waits to be accepted (the peer was restored). */
  offeredLineage: z.string().nullable(),
  addedAt: field.instant,
  trustedAt: field.instant.nullable(),
  /** Next number to send, and next number expected. */
  nextOut: field.sequence,
  nextIn: field.sequence,
});

const nameInput = z.strictObject({ peer: field.stationName });

export const peers = {
  add: operation({
    permission: "peers.manage",
    reach: "whole",
    effect: "change",
    summary: "Take in the card of another station, as pending",
  })
    .input(z.strictObject({ card: z.string().max(8192) }))
    .output(
      z.strictObject({
        name: field.stationName,
        station: field.stationId,
        side: field.side,
        state: peerState,
        fingerprint: field.fingerprint,
        serial: field.sequence,
        /** Of the card received. Compare it with what the other operator reads aloud. */
        phrase: z.string(),
      }),
    ),
  list: operation({
    permission: "peers.read",
    reach: { rows: { peers: { peer: "name" } } },
    effect: "read",
    summary: "List the stations whose cards we hold",
  })
    .input(z.strictObject({}))
    .output(z.strictObject({ peers: z.array(peer) })),
  phrase: operation({
    permission: "peers.read",
    reach: { input: { peer: "peer" } },
    effect: "read",
    summary: "Show the phrase of a card received, to compare with what is read aloud",
  })
    .input(nameInput)
    .output(z.strictObject({ peer: field.stationName, phrase: z.string(), card: z.string() })),
  trust: operation({
    permission: "peers.manage",
    reach: { input: { peer: "peer" } },
    effect: "change",
    stepUp: true,
    twoPersons: true,
    summary: "Trust a peer whose eight words were read aloud and match",
  })
    .input(z.strictObject({ peer: field.stationName, phrase: z.string().max(256) }))
    .output(peer),
  revoke: operation({
    permission: "peers.manage",
    reach: { input: { peer: "peer" } },
    effect: "change",
    summary: "Take back the trust in a peer; batches imported before stay imported",
  })
    .input(nameInput)
    .output(peer),
  acceptLineage: operation({
    permission: "transfer.override",
    reach: { input: { peer: "peer" } },
    effect: "change",
    stepUp: true,
    twoPersons: true,
    summary: "Accept that a peer was restored and begins a new lineage",
  })
    .input(z.strictObject({ peer: field.stationName, lineage: z.string().regex(/^[0-9a-f]{16}$/) }))
    .output(peer),
  logs: operation({
    permission: "peers.read",
    reach: { rows: { logs: { peer: "peer" } } },
    effect: "read",
    summary: "Show what each side has witnessed of the other's audit log",
  })
    .input(z.strictObject({}))
    .output(
      z.strictObject({
        logs: z.array(
          z.strictObject({
            peer: field.stationName,
            /** The head of the peer's log that was last found consistent; null before its first checkpoint. */
            theirs: z
              .strictObject({ events: field.count, root: field.sha256, seenAt: field.instant })
              .nullable(),
            ours: z.strictObject({
              /** How far our log was told to the peer. */
              sentEvents: field.count,
              /** How far the peer's cosignature proves that it has seen it. */
              witnessedEvents: field.count,
              witnessedAt: field.instant.nullable(),
            }),
            alarms: z.array(
              z.strictObject({
                batch: z.string(),
                fault: z.enum([
                  "bad-note",
                  "wrong-origin",
                  "bad-signature",
                  "rolled-back",
                  "fork",
                  "own-log",
                ]),
                sentence: z.string(),
                /** The signed note, exactly: evidence. */
                note: z.string(),
                raisedAt: field.instant,
              }),
            ),
          }),
        ),
      }),
    ),
  acceptLog: operation({
    permission: "transfer.override",
    reach: { input: { peer: "peer" } },
    effect: "change",
    stepUp: true,
    twoPersons: true,
    summary: "Accept what a peer's audit log says now, after both sides have looked, and settle its alarms",
  })
    .input(
      z.strictObject({
        peer: field.stationName,
        /** How many alarms were looked at: one that came since is not settled unseen. */
        alarms: field.sequence,
      }),
    )
    .output(z.strictObject({ peer: field.stationName, settled: field.count })),
};
