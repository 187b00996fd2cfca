import type { IncomingHttpHeaders } from "node:http";
import type { ComesFrom } from "./entry.ts";

/** The parts of a request that decide whether it is looked at, as they came. */
export interface Asked {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn, as on the wire: here a header sent twice still shows. */
  readonly rawHeaders: readonly string[];
}

/** A refusal before any routing: status and a sentence for a person at a terminal. */
export interface Denied {
  readonly status: 400 | 403 | 405 | 421;
  readonly sentence: string;
}

/** Names under which this machine's own browser may know us. */
const localNames = ["127.0.0.1", "localhost", "[::1]"];

/**
 * What every request must pass before it is routed, WebSocket handshakes included. A page of another site that reaches this
 * port through a name it owns (DNS rebinding) carries that name in Host; one that posts across sites carries its own Origin.
 * `awaited`: an address of ours was just handed to a page of another station of this very process, or to a file of the
 * owner's; its browser comes by navigating a whole tab from that port, or from that file. Only the gate is reached so: from
 * a file no cookie is sent.
 */
export function denyForeign(asked: Asked, port: number, awaited: ComesFrom = "typed"): Denied | undefined {
  const hosts = asked.rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === "host").length;
  const host = asked.headers.host;
  if (hosts !== 1 || host === undefined || !localNames.some((name) => host === `${name}:${port}`)) {
    return { status: 421, sentence: "This address answers to its own machine's name and port only." };
  }
  const site = asked.headers["sec-fetch-site"];
  const comesOver = site === siteOf[awaited] && isNavigation(asked);
  if (site !== undefined && site !== "same-origin" && site !== "none" && !comesOver) {
    return { status: 403, sentence: "Requests of other sites are not answered." };
  }
  if (asked.method !== "GET" && asked.method !== "HEAD" && asked.method !== "POST") {
    return { status: 405, sentence: "Only GET, HEAD and POST are answered." };
  }
  return undefined;
}

/** What a browser says of a navigation that was begun there. */
const siteOf: Readonly<Record<ComesFrom, string>> = { typed: "none", page: "same-site", file: "cross-site" };

function isNavigation({ method, headers }: Asked): boolean {
  return (
    method === "GET" && headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document"
  );
}

/** For what changes something or opens the wire: the Origin must be there, and be exactly the address in Host. */
export function denyForeignOrigin(asked: Asked): Denied | undefined {
  const { origin, host } = asked.headers;
  if (origin !== `http://${host}`) {
    return { status: 403, sentence: "This needs the Origin of the console's own page." };
  }
  return undefined;
}
