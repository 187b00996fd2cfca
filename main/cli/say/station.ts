import * as z from "zod";
import { contract } from "../../../shared/contract/contract.ts";
import type { AreaCommands } from "../command.ts";
import { visible } from "../visible.ts";
import { backupCommands } from "./backups.ts";
import { columns, facts, plural, size } from "./layout.ts";

const initInput = contract.station.init["~orpc"].inputSchema as z.ZodObject;

const diskWords = {
  ok: "enough",
  warn: "filling up",
  stop: "nearly full: nothing is exported, imported or submitted",
  "read-only": "full: the station is read-only",
} as const;

export const stationCommands: AreaCommands<typeof contract.station> = {
  ...backupCommands,
  init: {
    flags: initInput.omit({ passphrase: true }),
    input: async (flags, desk) => ({
      ...(flags as { name: string; side: "request" | "response"; people: "one" | "two"; operator: string }),
      passphrase: await desk.newPassphrase(desk.passphraseFile, "Choose the operator's passphrase"),
    }),
    say: (founded) => [
      `Founded the ${founded.side} station ${visible(founded.name)} for ${founded.people === "one" ? "one person" : "two people"}.`,
      ...facts([
        ["directory", founded.directory],
        ["fingerprint", founded.fingerprint],
        ["age recipient", founded.ageRecipient],
      ]),
      "Keep the passphrase: without it nothing of this station opens.",
      "Clear on this disk: the database with request and response bodies, received files, quarantine and logs.",
      "Next: sallyport station card --out FILE, carry it to the peer, and read its phrase aloud.",
    ],
  },
  show: {
    say: (station) => [
      `${visible(station.name)}, the ${station.side} station of ${station.people === "one" ? "one person" : "two people"}.`,
      ...facts([
        ["station", station.station],
        ["directory", station.directory],
        ["lineage", station.lineage],
        ["founded", station.createdAt],
        ["fingerprint", station.fingerprint],
        ["age recipient", station.ageRecipient],
        [
          "peers",
          `${station.peers.trusted} trusted, ${station.peers.pending} pending, ${station.peers.revoked} revoked`,
        ],
        ["audit", `${plural(station.audit.events, "event")}, root ${station.audit.root}`],
        [
          "database",
          `${size(station.databaseBytes)}, schema ${station.schemaVersion}, synchronous ${station.synchronous}`,
        ],
        ["spool", size(station.spoolBytes)],
        [
          "free",
          `${size(station.freeBytes)} of ${size(station.disk.totalBytes)}, ${diskWords[station.disk.level]}; warns below ${size(station.disk.warnBytes)}, stops below ${size(station.disk.stopBytes)}, read-only below ${size(station.disk.readOnlyBytes)}`,
        ],
        [
          "disk encrypted",
          station.diskEncrypted === null ? "cannot be told" : station.diskEncrypted ? "yes" : "no",
        ],
        ["encrypted", station.atRest.encrypted.join(", ")],
        ["clear", station.atRest.clear.join(", ")],
        ["held by", `${station.holder.shell}, process ${station.holder.pid}, since ${station.holder.since}`],
        ["version", `${station.version}, SQLite ${station.sqliteVersion}`],
        ["program", station.program ?? "runs from sources"],
      ]),
      "",
      ...columns(
        ["key", "version", "since", "public half"],
        station.keys.map((key) => [key.purpose, key.version, key.createdAt, key.public]),
      ),
    ],
  },
  card: {
    flags: z.strictObject({ out: z.string().describe("Write the card to this file").optional() }),
    input: () => ({}),
    deliver: async (card, flags, desk) => {
      if (typeof flags["out"] === "string") await desk.write(flags["out"], card.card, 0o644);
    },
    say: (card, flags) => [
      ...(flags["out"] === undefined
        ? card.card.trimEnd().split("\n").map(visible)
        : [`Wrote the card to ${visible(String(flags["out"]))}. It holds nothing secret.`]),
      "",
      `Read these words aloud to the other operator: ${visible(card.phrase)}`,
      `Fingerprint ${card.fingerprint}, serial ${card.serial}`,
    ],
  },
  rotateKeys: {
    flags: z.strictObject({
      note: z.string().describe("why, for the log"),
      out: z.string().describe("Write the new card to this file").optional(),
      handoverOut: z
        .string()
        .describe("Write the checkpoint that both log keys have signed to this file")
        .optional(),
    }),
    input: (flags) => ({ note: String(flags["note"]) }),
    deliver: async (output, flags, desk) => {
      if (typeof flags["out"] === "string") await desk.write(flags["out"], output.card, 0o644);
      if (typeof flags["handoverOut"] === "string" && output.handover !== null) {
        await desk.write(flags["handoverOut"], output.handover, 0o644);
      }
    },
    say: (output) => [
      `New keys are in force, under master key ${output.masterVersion}. Card ${output.serial} replaces ${output.replaced}.`,
      ...facts([
        ["fingerprint", output.fingerprint],
        ["age recipient", output.ageRecipient],
        ["log key", output.logKey],
        ["witness key", output.witnessKey],
      ]),
      output.peers.length === 0
        ? "No peer holds the old card."
        : `Carry the new card to ${visible(output.peers.join(", "))} before the next batch: sallyport station card --out FILE`,
      `Read these words aloud to them: ${visible(output.phrase)}`,
      "Still exposed, because nobody can take it back:",
      ...output.exposed.map((line) => `  ${line}`),
    ],
  },
  revokeKey: {
    say: ({ fingerprint, batchesGivenUp, receiptsSignedAgain }) => [
      `${fingerprint} is revoked. The next batch to each peer says so; until then telephone them.`,
      `Given up and sealed again with the next export: ${plural(batchesGivenUp, "batch", "batches")}. Signed again: ${plural(receiptsSignedAgain, "receipt")}.`,
      "A batch that was sealed under it and copied is not carried again: give it up when it has not arrived.",
    ],
  },
  identity: {
    flags: z.strictObject({
      out: z.string().describe("Write the encrypted identity to this file, mode 0600").optional(),
      identityPassphraseFile: z
        .string()
        .describe("The passphrase that will open it (15 characters or more); asked for without it")
        .optional(),
    }),
    input: async (flags, desk) => ({
      ownPassphrase: await desk.passphrase(),
      passphrase: await desk.newPassphrase(
        flags["identityPassphraseFile"] as string | undefined,
        "Choose a passphrase for the identity file",
      ),
    }),
    deliver: async (output, flags, desk) => {
      if (typeof flags["out"] === "string") await desk.write(flags["out"], output.identity, 0o600);
    },
    say: (output, flags) => [
      ...(flags["out"] === undefined
        ? output.identity.trimEnd().split("\n").map(visible)
        : [`Wrote the encrypted identity to ${visible(String(flags["out"]))}.`]),
      `It opens what is sealed for ${output.recipient}. Whoever has it and its passphrase reads every batch for this station.`,
    ],
  },
};
