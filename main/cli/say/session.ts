import * as z from "zod";
import type { contract } from "../../../shared/contract/contract.ts";
import type { AreaCommands, Flags } from "../command.ts";
import type { Desk } from "../desk.ts";
import { visible } from "../visible.ts";
import { columns, facts, plural } from "./layout.ts";

const phases = {
  empty: "No station has been founded in this directory yet.",
  locked: "The station is locked: nobody is signed in.",
  open: "The station is open.",
};

const codeFlags = z.strictObject({ code: z.string().describe("a code of your device") });

async function withPassphrase(flags: Flags, desk: Desk): Promise<{ passphrase: string; code: string }> {
  return { passphrase: await desk.passphrase(), code: String(flags["code"]) };
}

function codeLines(codes: readonly string[]): string[] {
  return ["Recovery codes, shown this once; each stands in for the device once:", ...codes];
}

export const sessionCommands: AreaCommands<typeof contract.session> = {
  state: {
    say: (state) => [
      phases[state.phase],
      ...facts([
        ["station", state.station === null ? null : `${state.station.name} (${state.station.side})`],
        ["directory", state.directory],
        ["operators", state.operators.join(", ")],
        ["wait", plural(state.waitSeconds, "second")],
        ["version", state.version],
      ]),
    ],
  },
  // Every command signs in by itself and signs out by ending.
  signIn: null,
  signOut: null,
  // A command line shows nothing that could be hidden.
  lock: null,
  list: {
    say: ({ sessions, profile }) => [
      ...columns(
        ["session", "operator", "state", "at", "device", "since", "last used", "ends"],
        sessions.map((row) => [
          row.own ? `${row.session} (this)` : row.session,
          row.operator,
          row.state,
          row.face,
          row.device,
          row.startedAt,
          row.usedAt,
          row.endsAt,
        ]),
      ),
      `Limits: profile ${profile}.`,
    ],
  },
  end: { say: ({ ended }) => [`Ended ${plural(ended, "session")}.`] },
  endOthers: { say: ({ ended }) => [`Ended ${plural(ended, "session")}.`] },
  // A window says it; a command is over before it could idle.
  stillHere: null,
  // Each command gives the passphrase by itself, and the code with --second-factor: it is always fresh.
  stepUp: null,
  changePassphrase: {
    flags: z.strictObject({
      newPassphraseFile: z.string().optional().describe("the passphrase to come; asked for without it"),
      code: z.string().optional().describe("a code of your device, where you have one"),
    }),
    input: async (flags, desk) => ({
      passphrase: await desk.passphrase(),
      newPassphrase: await desk.newPassphrase(
        flags["newPassphraseFile"] === undefined ? undefined : String(flags["newPassphraseFile"]),
        "Your passphrase to come",
      ),
      ...(flags["code"] === undefined ? {} : { code: String(flags["code"]) }),
    }),
    say: ({ ended }) => [
      `Your passphrase is another one now. ${plural(ended, "other session")} of yours ended.`,
      "Copies of this directory from before, backups among them, still open with the old one.",
    ],
  },
  offerFactor: {
    flags: z.strictObject({}),
    input: async (_flags, desk) => ({ passphrase: await desk.passphrase() }),
    say: ({ secret, url, stationTime }) => [
      `Secret for your device, shown this once: ${(secret.match(/.{1,4}/g) ?? []).join(" ")}`,
      `As an address: ${url}`,
      `The station's clock says ${stationTime}. Compare the device's.`,
      "Then give a code of it: sallyport session confirm-factor --code CODE",
    ],
  },
  confirmFactor: {
    flags: codeFlags,
    input: withPassphrase,
    say: ({ recoveryCodes, driftSeconds }) => [
      `Enrolled. The device is off by ${plural(driftSeconds, "second")}. From now on each sign-in asks for a code.`,
      ...codeLines(recoveryCodes),
    ],
  },
  recoveryCodes: {
    flags: codeFlags,
    input: withPassphrase,
    say: ({ recoveryCodes }) => codeLines(recoveryCodes),
  },
  factor: {
    say: (factor) => [
      factor.enrolled
        ? `You have a second factor; ${plural(factor.recoveryCodesLeft, "recovery code")} left.`
        : "You have no second factor. Enrol one: sallyport session offer-factor",
      ...facts([
        ["device is off by", plural(factor.driftSeconds, "second")],
        ["station's clock", factor.stationTime],
      ]),
    ],
  },
  resetFactor: {
    flags: z.strictObject({ operator: z.string().describe("whose second factor is lost") }),
    say: (_output, flags) => [
      `${visible(String(flags["operator"]))} signs in by passphrase alone until they enrol another.`,
    ],
  },
  profile: {
    flags: z.strictObject({ profile: z.enum(["nist", "stig"]).describe("nist or stig") }),
    say: ({ profile }) => [`The limits of ${profile} hold.`],
  },
  // `serve` says it by itself.
  entryRefused: null,
};
