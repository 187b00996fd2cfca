import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run, shell } from "./process.ts";

type Keys = Readonly<
  Record<"id" | "exchpub" | "exchprv" | "signpub" | "signprv" | "noisepub" | "noiseprv", string>
>;

interface Node {
  readonly keys: Keys;
  readonly folder: string;
  readonly config: string;
}

export interface NncpPair {
  /** Sends a whole file as one packet; returns its seconds. */
  readonly file: (path: string, name: string) => Promise<number>;
  /** Sends each line of a file as a packet of its own, which NNCP then carries and acknowledges by itself. */
  readonly lines: (path: string, name: string) => Promise<number>;
}

/** Two nodes of NNCP that know each other, with spools of their own; the nearest thing to Sallyport in Debian. */
export async function nncpPair(scratch: string): Promise<NncpPair> {
  const here = await makeNode(join(scratch, "nncp-here"));
  const there = await makeNode(join(scratch, "nncp-there"));
  writeConfig(here, there);
  writeConfig(there, here);
  const medium = join(scratch, "nncp-medium");
  mkdirSync(medium);
  const cross = async (send: string, last: string) => {
    const script = [
      send,
      `nncp-xfer -quiet -mkdir -cfg ${here.config} -tx ${medium}`,
      `nncp-xfer -quiet -cfg ${there.config} -rx ${medium}`,
      `nncp-toss -quiet -cfg ${there.config}`,
      `test -s ${join(there.folder, "incoming", last)}`,
    ].join("; ");
    return (await shell(script)).seconds;
  };
  return {
    file: (path, name) => cross(`nncp-file -quiet -cfg ${here.config} ${path} other:${name}`, name),
    lines: (path, name) => {
      const one = `printf '%s' "$line" | nncp-file -quiet -cfg ${here.config} - other:${name}/$((n+=1))`;
      return cross(`n=0; while IFS= read -r line; do ${one}; done < ${path}`, `${name}/1`);
    },
  };
}

async function makeNode(folder: string): Promise<Node> {
  mkdirSync(join(folder, "spool"), { recursive: true });
  mkdirSync(join(folder, "incoming"));
  const { output } = await run("nncp-cfgnew", []);
  const keys: Record<string, string> = {};
  for (const [, name, value] of output.matchAll(
    /^\s*(id|exchpub|exchprv|signpub|signprv|noisepub|noiseprv): ([A-Z2-7]+)$/gm,
  )) {
    if (name !== undefined && value !== undefined) keys[name] ??= value;
  }
  return { keys: keys as Keys, folder, config: join(folder, "nncp.hjson") };
}

function writeConfig(own: Node, other: Node): void {
  const publicPart = ({ id, exchpub, signpub, noisepub }: Keys) => ({ id, exchpub, signpub, noisepub });
  writeFileSync(
    own.config,
    JSON.stringify({
      spool: join(own.folder, "spool"),
      log: join(own.folder, "log"),
      self: own.keys,
      neigh: {
        self: publicPart(own.keys),
        other: { ...publicPart(other.keys), incoming: join(own.folder, "incoming") },
      },
    }),
  );
}
