import type { IncomingMessage, ServerResponse } from "node:http";
import type * as z from "zod";
import { stationName } from "../../shared/contract/fields.ts";
import { Refusal } from "../../shared/errors.ts";
import type { WorkspaceAnswer } from "../../shared/workspaces.ts";
import { securityHeaders } from "../page/headers.ts";

/** What the page of one station may ask its server about the others. */
export interface WorkspaceFace {
  list(): Promise<WorkspaceAnswer>;
  keep(): Promise<WorkspaceAnswer>;
  /** The one-time address of that station's own page, on a port of its own. */
  open(name: z.infer<typeof stationName>): Promise<WorkspaceAnswer>;
  create(name: z.infer<typeof stationName>): Promise<WorkspaceAnswer>;
}

/** True for an address that is answered here. Who asks has come through the gate and its rules before. */
export const isWorkspacePath = (path: string): boolean =>
  path === "/workspaces" || path.startsWith("/workspaces/");

/** GET reads the list; POST keeps, opens or makes one, by name alone: no path ever comes from a page. */
export async function answerWorkspaces(
  request: IncomingMessage,
  response: ServerResponse,
  body: string | undefined,
  face: WorkspaceFace,
): Promise<void> {
  const [status, answer] = await decide(request.method ?? "", request.url ?? "", body, face);
  response.writeHead(status, { ...securityHeaders, "Content-Type": "application/json; charset=utf-8" });
  response.end(JSON.stringify(answer));
}

async function decide(
  method: string,
  path: string,
  body: string | undefined,
  face: WorkspaceFace,
): Promise<readonly [number, WorkspaceAnswer]> {
  try {
    if (method === "GET" && path === "/workspaces") return [200, await face.list()];
    if (method === "POST" && path === "/workspaces/keep") return [200, await face.keep()];
    if (method === "POST" && path === "/workspaces/open") return [200, await face.open(nameIn(body))];
    if (method === "POST" && path === "/workspaces/create") return [200, await face.create(nameIn(body))];
    return [404, { ok: false, sentence: "There is nothing here." }];
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return [409, { ok: false, sentence: [error.message, error.facts.remedy ?? ""].join(" ").trim() }];
  }
}

function nameIn(body: string | undefined): string {
  let value: unknown;
  try {
    value = JSON.parse(body ?? "");
  } catch {
    value = undefined;
  }
  const name = typeof value === "object" && value !== null && "name" in value ? value.name : undefined;
  const parsed = stationName.safeParse(name);
  if (parsed.success) return parsed.data;
  throw new Refusal(
    "bad-input",
    `A station's name has ${parsed.error.issues[0]?.message ?? "another shape"}.`,
  );
}
