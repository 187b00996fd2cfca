import { useQuery } from "@tanstack/react-query";
import type { WorkspaceAnswer, WorkspaceView } from "../../shared/workspaces.ts";
import { queryClient } from "./queries.ts";

const key = ["workspaces"];

/** The user's other stations, as this page's shell knows them; null where the shell has none to tell. */
export function useWorkspaces(): WorkspaceView | null {
  const found = useQuery({ queryKey: key, queryFn: () => ask("list") }).data;
  return found?.ok === true ? (found.view ?? null) : null;
}

/** What the shell refused, in its own words. */
export class ShellRefusal extends Error {
  override readonly name = "ShellRefusal";
}

/** Keeps this page's station in the list, under its own name. */
export async function keepWorkspace(): Promise<void> {
  await expectDone(ask("keep"));
  await queryClient.invalidateQueries({ queryKey: key });
}

/**
 * Opens another station, or makes one: in a window of its own, or in this tab under the other station's own address,
 * with its own cookie and its own sign-in. The session here ends when the tab leaves.
 */
export async function goToWorkspace(verb: "open" | "create", name: string): Promise<void> {
  const { address } = await expectDone(ask(verb, name));
  await queryClient.invalidateQueries({ queryKey: key });
  if (address !== undefined && isLoopback(address)) location.assign(address);
}

/** The one kind of address that a shell gives: this machine, plain, by number. */
function isLoopback(address: string): boolean {
  return /^http:\/\/127\.0\.0\.1:\d{1,5}\/#t=[\w-]+$/.test(address);
}

async function expectDone(
  answer: Promise<WorkspaceAnswer>,
): Promise<WorkspaceAnswer & { readonly ok: true }> {
  const done = await answer;
  if (done.ok) return done;
  throw new ShellRefusal(done.sentence);
}

/** By the window's bridge where there is one, else of the server that served this page. */
async function ask(verb: "list" | "keep" | "open" | "create", name = ""): Promise<WorkspaceAnswer> {
  const bridge = window.sallyport?.workspaces;
  if (bridge !== undefined) return readAnswer(await bridge(verb, name));
  if (verb === "list") return readAnswer(await (await fetch("/workspaces")).json());
  const answer = await fetch(`/workspaces/${verb}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ name }),
  });
  return readAnswer(await answer.json());
}

function readAnswer(answer: unknown): WorkspaceAnswer {
  const isAnswer = typeof answer === "object" && answer !== null && "ok" in answer;
  return isAnswer
    ? (answer as WorkspaceAnswer)
    : { ok: false, sentence: "This shell keeps no list of stations." };
}
