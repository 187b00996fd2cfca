import { createContext, useContext } from "react";
import { roleAllows, type Permission } from "../../shared/roles.ts";
import type { EdgeText } from "../ui/edge.tsx";
import type { Side } from "../ui/side.tsx";
import { en } from "../../shared/strings/en.ts";

/** The station this window stands in and the operator who is signed in. */
export interface Session {
  readonly name: string;
  readonly side: Side;
  readonly people: "one" | "two";
  readonly station: string;
  readonly directory: string;
  readonly version: string;
  readonly operator: string;
  readonly roles: readonly string[];
}

export const SessionContext = createContext<Session | null>(null);

/** The session of this page. Pages are drawn only inside one. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error("A page was drawn outside a session.");
  return session;
}

/** Undefined when the operator may; otherwise the reason, for a button that says why not. */
export function useRefusal(permission: Permission): string | undefined {
  const { roles } = useSession();
  return roleAllows(roles, permission) ? undefined : en.session.roleLacks;
}

/** What the edge says about a station. */
export function edgeText(name: string, side: Side, people: "one" | "two", recovered = false): EdgeText {
  const sideText = en.ui.sides[side];
  const note = recovered ? en.recovery.banner.edge : people === "one" ? en.ui.edge.one : undefined;
  return {
    side: sideText,
    label: en.ui.edge.label(name, sideText),
    ...(note === undefined ? {} : { note }),
  };
}
