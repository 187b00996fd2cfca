import { useQuery } from "@tanstack/react-query";
import { ArrowLeftRight, Gauge, MessageSquareReply, Radar, ScrollText, Users } from "lucide-react";
import { useEffect, useState } from "react";
import { useLocation } from "wouter";
import { en } from "../../shared/strings/en.ts";
import { orpc } from "../rpc.ts";
import { Edge } from "../ui/edge.tsx";
import { KeySheet } from "../ui/key-sheet.tsx";
import type { OpenDoor } from "../ui/mark.tsx";
import { Palette } from "../ui/palette.tsx";
import { Rail, type RailPage } from "../ui/rail.tsx";
import { Shell } from "../ui/shell.tsx";
import { StationTag } from "../ui/side.tsx";
import { StatusLine } from "../ui/status-line.tsx";
import { TopBar } from "../ui/top-bar.tsx";
import { useCommands } from "./commands.tsx";
import { FootJob } from "./foot-job.tsx";
import { Here } from "./here.tsx";
import { isTyping, keyAction } from "./keys.ts";
import type { Job } from "./live.ts";
import { lockNow } from "./lock.ts";
import { countOutbound } from "./outbound.ts";
import { Pages, titleOf } from "./pages.tsx";
import { usePanes } from "./panes.ts";
import { edgeText, useSession } from "./session.ts";
import { RecoveredBanner, useRecovered } from "./recovered.tsx";
import { RestoredBanner } from "./restored.tsx";
import { useStillHere } from "./still-here.ts";
import { StationSwitcher } from "./station-switcher.tsx";
import { useTellWhereabouts } from "./whereabouts.ts";
import { keyRows } from "./key-rows.ts";
import { PageTabs } from "./page-tabs.tsx";
import { useDocumentSide } from "../ui/document-side.ts";

/** The console around a page: edge, rail, bar, foot, palette and keys. */
export function Frame() {
  const session = useSession();
  const recovered = useRecovered() !== null;
  useDocumentSide(session.side);
  const [path, navigate] = useLocation();
  const panes = usePanes();
  const commands = useCommands();
  const jobs = useQuery(orpc.transfer.jobs.queryOptions({ input: {} })).data?.jobs ?? [];
  const summary = useQuery(orpc.watch.summary.queryOptions({ input: {} })).data;
  const running = jobs.filter((job) => job.state === "running");
  const pages = useRailPages(running.length, summary?.needs ?? []);
  const root = `/${path.split("/")[1] ?? ""}`;
  useConsoleKeys(session.operator, navigate);
  useStillHere();
  useTellWhereabouts(path);
  useEffect(() => {
    document.title = `${titleOf(root)} · ${session.name} · ${en.product}`;
  }, [root, session.name]);
  return (
    <>
      <Shell
        side={session.side}
        edge={
          <Edge
            side={session.side}
            name={session.name}
            text={edgeText(session.name, session.side, session.people, recovered)}
          />
        }
        rail={
          <Rail
            station={<StationSwitcher name={session.name} side={session.side} />}
            open={openDoor(running, session.side)}
            pages={pages}
            current={root}
            onPalette={() => usePanes.setState({ palette: true })}
            onKeys={() => usePanes.setState({ keys: true })}
          />
        }
        bar={
          <TopBar
            title={titleOf(root)}
            tabs={<PageTabs root={root} path={path} />}
            others={<Here />}
            operator={session.operator}
            onLock={() => lockNow(session.operator)}
          />
        }
        foot={
          <StatusLine
            job={<FootJob running={running} />}
            auditEvents={summary?.auditEvents}
            freeBytes={summary?.freeBytes}
            disk={summary?.disk ?? "ok"}
            outbound={useOutbound()}
          />
        }
      >
        <RecoveredBanner />
        <RestoredBanner />
        <Pages />
      </Shell>
      <Palette
        open={panes.palette}
        onOpenChange={(palette) => usePanes.setState({ palette })}
        items={commands}
        station={<StationTag name={session.name} side={session.side} />}
      />
      <KeySheet open={panes.keys} onOpenChange={(keys) => usePanes.setState({ keys })} rows={keyRows} />
    </>
  );
}

/** Exporting opens the door of our own side, and so does importing: bytes pass through our wall only. */
function openDoor(running: readonly Job[], side: "request" | "response"): OpenDoor {
  return running.some((job) => job.kind === "export" || job.kind === "import") ? side : "none";
}

function useRailPages(
  running: number,
  needs: readonly { readonly severity: "warn" | "bad" }[],
): readonly RailPage[] {
  const counts = useQuery(orpc.requests.counts.queryOptions({ input: {} })).data;
  const pages = en.shell.pages;
  return [
    {
      path: "/",
      label: pages.watch,
      icon: <Radar aria-hidden="true" />,
      key: "1",
      count: needs.length,
      tone: needs.some((need) => need.severity === "bad") ? "bad" : "warn",
    },
    {
      path: "/transfer",
      label: pages.transfer,
      icon: <ArrowLeftRight aria-hidden="true" />,
      key: "2",
      count: running,
    },
    {
      path: "/requests",
      label: pages.requests,
      icon: <MessageSquareReply aria-hidden="true" />,
      key: "3",
      count: counts?.waiting,
    },
    { path: "/audit", label: pages.audit, icon: <ScrollText aria-hidden="true" />, key: "4" },
    { path: "/people", label: pages.people, icon: <Users aria-hidden="true" />, key: "5" },
    { path: "/station", label: pages.station, icon: <Gauge aria-hidden="true" />, key: "6" },
  ];
}

function useConsoleKeys(operator: string, navigate: (path: string) => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const action = keyAction(event, isTyping(event.target));
      if (action === null) return;
      event.preventDefault();
      if (action.kind === "page") navigate(action.path);
      else if (action.kind === "palette") usePanes.setState({ palette: true });
      else if (action.kind === "keys") usePanes.setState({ keys: true });
      else if (action.kind === "lock") lockNow(operator);
      else if (action.kind === "back") history.back();
      else history.forward();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [navigate, operator]);
}

/** Counted from the browser's own record, looked at again whenever it grows. */
function useOutbound(): number {
  const [count, setCount] = useState(0);
  useEffect(() => {
    const look = (): void => setCount(countOutbound(performance.getEntriesByType("resource"), location.host));
    look();
    const observer = new PerformanceObserver(look);
    observer.observe({ type: "resource" });
    return () => observer.disconnect();
  }, []);
  return count;
}
