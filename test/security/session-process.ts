// A process that holds a station and signs in; what it is told comes as JSON, what it learns goes out as JSON.
import { connectClient } from "../../main/cli/client.ts";
import { reachStation } from "../../main/station/attach/reach.ts";

const { directory, signIn } = JSON.parse(process.argv[2] ?? "{}") as { directory: string; signIn: object };
const reached = await reachStation({ directory, shell: "test" });
const client = connectClient(await reached.connect("page"));
const said = await client.call(["session", "signIn"], signIn).then(
  (output) => ({ output }),
  (error: { message: string; facts?: { reason?: string } }) => ({
    refused: error.facts?.reason ?? error.message,
  }),
);
process.stdout.write(`${JSON.stringify(said)}\n`);
// Until it is killed, as a shell does whose machine loses power.
setInterval(() => {}, 1000);
