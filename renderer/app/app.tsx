import { QueryClientProvider, useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { Router, useLocation } from "wouter";
import { ComponentsPage } from "../pages/components/components-page.tsx";
import { FirstRunPage } from "../pages/first-run/first-run-page.tsx";
import { LookPage } from "../pages/session/look-page.tsx";
import { SignInPage } from "../pages/session/sign-in-page.tsx";
import { UnreachablePage } from "../pages/session/unreachable-page.tsx";
import { orpc } from "../rpc.ts";
import { followStation } from "./live.ts";
import { hide, onLockElsewhere, useLock } from "./lock.ts";
import { usePlacePath, usePlaceSearch } from "./place.ts";
import { queryClient } from "./queries.ts";
import { SessionContext } from "./session.ts";
import { useFirstRun } from "./first-run.ts";
import { StepUpDialog } from "./step-up-dialog.tsx";
import { Frame } from "./frame.tsx";

/** The whole console: which of its rooms is shown follows from the station's own state. */
export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <Router hook={usePlacePath} searchHook={usePlaceSearch}>
        <Root />
      </Router>
    </QueryClientProvider>
  );
}

function Root() {
  const [path] = useLocation();
  return path === "/components" ? <ComponentsPage /> : <Gatehouse />;
}

/** First run, sign-in, the last look, or the console; a lock goes before all of them. */
function Gatehouse() {
  useEffect(() => {
    const stop = new AbortController();
    void followStation(queryClient, stop.signal);
    return () => stop.abort();
  }, []);
  const { data: state, error, refetch } = useQuery(orpc.session.state.queryOptions({ input: {} }));
  const locked = useLock((lock) => lock.locked);
  const greeting = useLock((lock) => lock.greeting);
  const operator = state?.operator?.name ?? null;
  // Hidden before the next paint, whoever ended the session and wherever.
  const before = useRef<string | null>(null);
  useEffect(() => {
    if (operator === null && before.current !== null && useLock.getState().locked === null)
      hide(before.current);
    before.current = operator;
    return onLockElsewhere((name) => {
      if (name === operator) hide(name);
    });
  }, [operator]);
  const walking = useFirstRun((walk) => walk.step !== null);
  if (state === undefined) return <UnreachablePage error={error} onAgain={() => void refetch()} />;
  if (state.station === null || state.phase === "empty") return <FirstRunPage state={state} />;
  if (state.operator === null || locked !== null) return <SignInPage state={state} station={state.station} />;
  if (greeting !== null) return <LookPage state={state} station={state.station} greeting={greeting} />;
  const session = {
    ...state.station,
    directory: state.directory,
    version: state.version,
    operator: state.operator.name,
    roles: state.operator.roles,
  };
  return (
    <SessionContext value={session}>
      {walking ? <FirstRunPage state={state} /> : <Frame />}
      <StepUpDialog />
    </SessionContext>
  );
}
