import { useQuery } from "@tanstack/react-query";
import { orpc } from "../rpc.ts";
import { Tabs } from "../ui/tabs.tsx";
import { tabsOf, titleOf } from "./pages.tsx";

/** The tabs of the page that is shown, with what waits behind each. */
export function PageTabs({ root, path }: { root: string; path: string }) {
  const tabs = tabsOf(root);
  const peers = useQuery({ ...orpc.peers.list.queryOptions({ input: {} }), enabled: root === "/transfer" })
    .data?.peers;
  const outbox = useQuery({
    ...orpc.transfer.outbox.queryOptions({ input: {} }),
    enabled: root === "/transfer",
  }).data?.peers;
  const alarms = useQuery({
    ...orpc.transfer.alarms.queryOptions({ input: {} }),
    enabled: root === "/transfer",
  }).data?.alarms;
  const approvals = useQuery({
    ...orpc.approvals.list.queryOptions({ input: {} }),
    enabled: root === "/people",
  }).data?.approvals;
  if (tabs.length === 0) return null;
  const counts: Record<string, number | undefined> = {
    "/people/approvals": approvals?.filter((one) => one.state === "waiting").length,
    "/transfer/peers": peers?.length,
    "/transfer/alarms": alarms?.length === 0 ? undefined : alarms?.length,
    "/transfer/outbox": outbox?.reduce((sum, peer) => sum + peer.sealed.length, 0),
  };
  const current = tabs.findLast((tab) => path === tab.path || path.startsWith(`${tab.path}/`)) ?? tabs[0];
  return (
    <Tabs
      label={titleOf(root)}
      tabs={tabs.map((tab) => ({ ...tab, count: counts[tab.path] }))}
      current={current?.path ?? root}
    />
  );
}
