import { readFileSync } from "node:fs";
import { connectClient } from "../../main/cli/client.ts";
import { reachStation } from "../../main/station/attach/reach.ts";
import type { Station } from "./stations.ts";

/** A station held open by the test itself and driven by the calls that the command line makes. */
export interface Session {
  /** Calls an operation by area and verb; rejects with a Refusal, or when it takes too long. */
  call: <Output>(area: string, verb: string, input?: unknown, timeoutMs?: number) => Promise<Output>;
  close: () => Promise<void>;
}

/** Opens a station in a thread of this process and signs in. Close it before a command needs the station alone. */
export async function openSession(station: Station): Promise<Session> {
  process.env["SALLYPORT_TEST_FAST_KDF"] = "1";
  const reached = await reachStation({ directory: station.directory, shell: "test" });
  const client = connectClient(await reached.connect("test"));
  const passphrase = readFileSync(station.passphraseFile, "utf8").replace(/\n$/, "");
  await client.call(["session", "signIn"], { passphrase });
  return {
    call: async <Output>(area: string, verb: string, input: unknown = {}, timeoutMs = 60_000) => {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`${area} ${verb} hung for ${timeoutMs} ms`)), timeoutMs);
      });
      try {
        return (await Promise.race([client.call([area, verb], input), late])) as Output;
      } finally {
        clearTimeout(timer);
      }
    },
    close: async () => {
      client.close();
      await reached.close();
    },
  };
}

/** Opens a station for one piece of work and closes it again, whatever happens. */
export async function within<Result>(
  station: Station,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  const session = await openSession(station);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}
