import {
  Archive,
  ArrowLeftRight,
  DoorOpen,
  FileDown,
  FileText,
  Keyboard,
  Lock,
  MessageSquareReply,
  Palette,
  Plus,
  Printer,
  ScrollText,
  Search,
  ShieldCheck,
  Signature,
  Component,
  Clock,
} from "lucide-react";
import { useQuery } from "@tanstack/react-query";
import { useLocation } from "wouter";
import { en } from "../../shared/strings/en.ts";
import { orpc } from "../rpc.ts";
import type { PaletteItem } from "../ui/palette.tsx";
import { themes, usePreferences } from "../ui/preferences.ts";
import { lockNow } from "./lock.ts";
import { usePanes } from "./panes.ts";
import { tabsOf, titleOf } from "./pages.tsx";
import { pagePaths } from "./keys.ts";
import { useRefusal, useSession } from "./session.ts";

/** Every action of the console, for the palette. What can't be done is listed with its reason. */
export function useCommands(): readonly PaletteItem[] {
  const session = useSession();
  const [, navigate] = useLocation();
  const setTheme = usePreferences((state) => state.setTheme);
  const zone = usePreferences((state) => state.zone);
  const setZone = usePreferences((state) => state.setZone);
  const mayExport = useRefusal("transfer.export");
  const mayBackUp = useRefusal("station.manage");
  const mayImport = useRefusal("transfer.import");
  const maySubmit = useRefusal("requests.submit");
  const mayAnswer = useRefusal("requests.answer");
  const mayPair = useRefusal("peers.manage");
  const mayAudit = useRefusal("audit.read");
  const mayInvite = useRefusal("people.manage");
  const text = en.shell.commands;
  const go = (path: string) => () => navigate(path);
  const asks = session.side === "request";
  const places = pagePaths.flatMap((path, place) => [
    {
      id: `go${path}`,
      group: text.groups.go,
      title: titleOf(path),
      icon: <ArrowLeftRight />,
      keys: [en.keys.control, String(place + 1)],
      run: go(path),
    },
    ...tabsOf(path)
      .slice(1)
      .map((tab) => ({
        id: `go${tab.path}`,
        group: text.groups.go,
        title: `${titleOf(path)}: ${tab.label}`,
        icon: <ArrowLeftRight />,
        run: go(tab.path),
      })),
  ]);
  const searches = useQuery({
    ...orpc.audit.searches.queryOptions({ input: {} }),
    enabled: mayAudit === undefined,
  }).data?.searches;
  const saved = (searches ?? []).map((one) => ({
    id: `search ${one.owner} ${one.name}`,
    group: text.groups.audit,
    title: text.search(one.name),
    detail: one.query,
    icon: <Search />,
    run: go(`/audit?q=${encodeURIComponent(one.query)}`),
  }));
  const otherZone = zone === "utc" ? "local" : "utc";
  return [
    {
      id: "export",
      group: text.groups.transfer,
      title: text.export,
      icon: <DoorOpen />,
      notYet: mayExport,
      run: go("/transfer/export"),
    },
    {
      id: "import",
      group: text.groups.transfer,
      title: text.import,
      icon: <FileDown />,
      notYet: mayImport,
      run: go("/transfer/inbox"),
    },
    {
      id: "inspect",
      group: text.groups.transfer,
      title: text.inspect,
      icon: <Search />,
      run: go("/transfer/inbox"),
    },
    {
      id: "backup",
      group: text.groups.station,
      title: text.backup,
      icon: <Archive />,
      notYet: mayBackUp,
      run: go("/station/backup"),
    },
    {
      id: "add-peer",
      group: text.groups.transfer,
      title: text.addPeer,
      icon: <Plus />,
      notYet: mayPair,
      run: go("/transfer/peers/add"),
    },
    {
      id: "own-card",
      group: text.groups.station,
      title: text.ownCard,
      icon: <ShieldCheck />,
      run: go("/transfer/peers"),
    },
    {
      id: "submit",
      group: text.groups.requests,
      title: text.submit,
      icon: <Plus />,
      notYet: asks ? maySubmit : text.submitHere,
      run: go("/requests/new"),
    },
    {
      id: "answer",
      group: text.groups.requests,
      title: text.answer,
      icon: <MessageSquareReply />,
      notYet: asks ? text.answerHere : mayAnswer,
      run: go("/requests"),
    },
    {
      id: "verify",
      group: text.groups.audit,
      title: text.verify,
      icon: <ScrollText />,
      notYet: mayAudit,
      run: go("/audit/verify"),
    },
    {
      id: "invite",
      group: text.groups.people,
      title: text.invite,
      icon: <Plus />,
      notYet: mayInvite,
      run: go("/people"),
    },
    {
      id: "print-checkpoint",
      group: text.groups.audit,
      title: text.printCheckpoint,
      icon: <Printer />,
      notYet: mayAudit,
      run: go("/audit/checkpoints"),
    },
    {
      id: "sign-shift",
      group: text.groups.audit,
      title: text.signShift,
      icon: <Signature />,
      notYet: mayAudit,
      run: go("/audit/signoffs"),
    },
    {
      id: "report",
      group: text.groups.audit,
      title: text.report,
      icon: <FileText />,
      notYet: mayAudit,
      run: go("/audit/reports"),
    },
    ...saved,
    ...places,
    {
      id: "lock",
      group: text.groups.window,
      title: text.lock,
      icon: <Lock />,
      keys: [en.keys.control, "L"],
      run: () => lockNow(session.operator),
    },
    ...themes.map((theme) => ({
      id: `theme-${theme}`,
      group: text.groups.window,
      title: text.theme(en.ui.themes[theme]),
      icon: <Palette />,
      run: () => setTheme(theme),
    })),
    {
      id: "zone",
      group: text.groups.window,
      title: text.zone[otherZone],
      icon: <Clock />,
      run: () => setZone(otherZone),
    },
    {
      id: "keys",
      group: text.groups.window,
      title: text.keys,
      icon: <Keyboard />,
      keys: ["?"],
      run: () => usePanes.setState({ keys: true }),
    },
    {
      id: "components",
      group: text.groups.window,
      title: text.components,
      icon: <Component />,
      run: go("/components"),
    },
  ];
}
