import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { operations } from "../../shared/contract/operations.ts";
import { codeOfStep, stepOf } from "../../main/station/keys/totp.ts";
import { decodeBase32, openPeople, type People } from "./people.ts";

const own = "the passphrase that a program holds";
let people: People;
beforeEach(async () => {
  people = await openPeople();
});
afterEach(() => people.close());

async function letIn(listed: string[], face = "command line") {
  const { ada, opened } = people;
  const { code } = await ada.client.operators.invite({
    name: "nightly",
    roles: ["operator"],
    operations: listed,
  });
  const { words } = await opened.client().client.operators.accept({ name: "nightly", code, passphrase: own });
  await ada.client.operators.confirm({ name: "nightly", words });
  const client = opened.on(opened.station.connect(face));
  await client.session.signIn({ operator: "nightly", passphrase: own });
  return client;
}

const invite = (listed: string[], roles: ("operator" | "administrator")[] = ["operator"]) =>
  people.ada.client.operators.invite({ name: "nightly", roles, operations: listed });

describe("a service operator", () => {
  test("can be given no operation about people, keys, approvals, sessions, for two or with step-up", async () => {
    for (const { name, access } of operations) {
      const area = name.split(".")[0] ?? "";
      const personal =
        ["session", "approvals", "operators"].includes(area) ||
        ["people.manage", "approvals.decide", "keys.export"].includes(access.permission) ||
        access.twoPersons === true ||
        access.stepUp === true ||
        access.effect === "reveal";
      if (!personal) continue;
      await expect(invite([name]), name).rejects.toThrow(/is for a person alone|needs no login/);
      people.now += 10;
    }
  });

  test("is no administrator and no approver, whatever its list", async () => {
    await expect(invite(["transfer.export"], ["administrator"])).rejects.toThrow("never administrator");
  });

  test("does only what is on its list, though its role holds more", async () => {
    const client = await letIn(["requests.submit"]);
    await client.requests.submit({ kind: "echo", user: "nightly", source: { text: "1" } });
    const refused = expect.objectContaining({ code: "not-allowed" });
    await expect(client.requests.list({})).rejects.toEqual(refused);
    await expect(client.approvals.list({})).rejects.toEqual(refused);
    await expect(
      client.session.changePassphrase({ passphrase: own, newPassphrase: `${own} 2` }),
    ).rejects.toEqual(refused);
  });

  test.each(["window", "page"])("has no %s", async (face) => {
    await expect(letIn(["requests.submit"], face)).rejects.toThrow("it signs in on the command line alone");
  });

  test("counts as nobody who may agree or administer, even where the directory says so", async () => {
    await letIn(["requests.submit"]);
    const { operators: rows } = await people.ada.client.operators.list({});
    expect(rows.find((row) => row.name === "nightly")).toMatchObject({
      mayApprove: false,
      operations: ["requests.submit"],
    });
  });
});

test("a person with a second factor can't sign in by passphrase alone on the command line either", async () => {
  const { client } = people.ada;
  const device = decodeBase32(
    (await client.session.offerFactor({ passphrase: people.ada.passphrase })).secret,
  );
  const code = codeOfStep(device, stepOf(new Date(people.now)));
  await client.session.confirmFactor({ passphrase: people.ada.passphrase, code });
  const terminal = people.opened.on(people.opened.station.connect("command line"));
  const alone = terminal.session.signIn({ operator: "ada", passphrase: people.ada.passphrase });
  await expect(alone).rejects.toThrow("ada has a second factor");
});
