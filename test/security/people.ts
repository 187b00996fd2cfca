import type { Connection } from "../../main/station/pipeline/connection.ts";
import {
  openTestStation,
  passphrase,
  type TestClient,
  type TestStation,
} from "../../main/station/testing/open-test-station.ts";
import type { NarrowingByRole } from "../../shared/narrowing.ts";
import type { roleNames } from "../../shared/roles.ts";

/** A station with several people in it, for attacks on who may do what. The clock is the test's. */

export const hour = 3_600_000;
export const day = 24 * hour;

export interface Person {
  readonly client: TestClient;
  readonly connection: Connection;
  readonly passphrase: string;
}

export interface People {
  readonly opened: TestStation;
  /** Milliseconds; a test moves it. */
  now: number;
  /** The administrator who founded the station. */
  ada: Person;
  /** Invites, accepts and confirms; the last as `by`, who must be allowed to do so alone. */
  enrol(
    name: string,
    roles: (typeof roleNames)[number][],
    by?: Person,
    only?: NarrowingByRole,
  ): Promise<Person>;
  /** Signs in on a connection of its own. */
  signIn(name: string, given: string, code?: string): Promise<Person>;
  /** Lets `who` agree to what waits. */
  agree(approval: string, who: Person): Promise<unknown>;
  close(): Promise<void>;
}

export async function openPeople(
  from: {
    directory?: string;
    now?: number;
    people?: "two";
    /** Of the founder's second factor, at a time. */
    code?: (now: number) => string;
  } = {},
): Promise<People> {
  const at = { now: from.now ?? Date.parse("2026-11-21T08:00:00.000Z") };
  const clock = () => new Date(at.now);
  const directory = from.directory === undefined ? {} : { directory: from.directory };
  const opened = await openTestStation(Object.keys(from).length === 0 ? "request" : null, {
    clock,
    ...directory,
  });
  const { phase } = await opened.client().client.session.state({});
  if (phase === "empty" && from.people === undefined) {
    await opened.client().client.station.init({ name: "low", side: "request", operator: "ada", passphrase });
  }
  if (from.people === "two") {
    const founding = { name: "low", side: "request", people: "two", operator: "ada", passphrase } as const;
    await opened.client().client.station.init(founding);
  }

  async function signIn(name: string, given: string, code?: string): Promise<Person> {
    const made = opened.client();
    await made.client.session.signIn({
      operator: name,
      passphrase: given,
      ...(code === undefined ? {} : { code }),
    });
    return { ...made, passphrase: given };
  }

  const ada = await signIn("ada", passphrase, from.code?.(at.now));
  return {
    opened,
    ada,
    signIn,
    get now() {
      return at.now;
    },
    set now(value) {
      at.now = value;
    },
    async enrol(name, roles, by = ada, only = {}) {
      const own = `the own long passphrase of ${name}, nobody knows it`;
      const { code } = await by.client.operators.invite({ name, roles, only: only as never });
      const { words } = await opened.client().client.operators.accept({ name, code, passphrase: own });
      await by.client.operators.confirm({ name, words });
      return signIn(name, own);
    },
    async agree(approval, who) {
      const { digest } = await who.client.approvals.show({ approval });
      return who.client.approvals.approve({ approval, digest, passphrase: who.passphrase });
    },
    close: () => opened.close(),
  };
}

/** The approval that a step asked for: its refusal names it. */
export async function asked(step: Promise<unknown>): Promise<string> {
  try {
    await step;
  } catch (error) {
    const { code, data } = error as { code?: string; data?: { approval?: string } };
    if (code === "needs-approval" && data?.approval !== undefined) return data.approval;
    throw error;
  }
  throw new Error("the step was done without a second person");
}

/** The bytes of a device's secret as it is shown. */
export function decodeBase32(text: string): Buffer {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = Array.from(text.replaceAll(" ", ""), (letter) =>
    letters.indexOf(letter).toString(2).padStart(5, "0"),
  );
  return Buffer.from((bits.join("").match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
