import { Redirect, Route, Switch } from "wouter";
import { en } from "../../shared/strings/en.ts";
import { AuditPage } from "../pages/audit/audit-page.tsx";
import { CheckpointsPage } from "../pages/audit/checkpoints-page.tsx";
import { RetentionPage } from "../pages/audit/retention-page.tsx";
import { ReportsPage } from "../pages/audit/reports-page.tsx";
import { SignoffsPage } from "../pages/audit/signoffs-page.tsx";
import { RequestsPage } from "../pages/requests/requests-page.tsx";
import { ApprovalsPage } from "../pages/approvals/approvals-page.tsx";
import { PeoplePage } from "../pages/people/people-page.tsx";
import { RecoveryPage } from "../pages/people/recovery-page.tsx";
import { RolesPage } from "../pages/people/roles-page.tsx";
import { SessionsPage } from "../pages/people/sessions-page.tsx";
import { BackupPage } from "../pages/station/backup-page.tsx";
import { AboutPage } from "../pages/station/about-page.tsx";
import { KeysPage } from "../pages/station/keys-page.tsx";
import { StationPage } from "../pages/station/station-page.tsx";
import { AlarmsPage } from "../pages/transfer/alarms-page.tsx";
import { GatePage } from "../pages/transfer/gate-page.tsx";
import { InboxPage } from "../pages/transfer/inbox-page.tsx";
import { LedgerPage } from "../pages/transfer/ledger-page.tsx";
import { OutboxPage } from "../pages/transfer/outbox-page.tsx";
import { PeersPage } from "../pages/transfer/peers-page.tsx";
import { QuarantinePage } from "../pages/transfer/quarantine-page.tsx";
import { WatchPage } from "../pages/watch/watch-page.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Link } from "wouter";

interface PageTab {
  readonly path: string;
  readonly label: string;
}

const titles: Record<string, string> = {
  "/": en.shell.pages.watch,
  "/transfer": en.shell.pages.transfer,
  "/requests": en.shell.pages.requests,
  "/audit": en.shell.pages.audit,
  "/people": en.shell.pages.people,
  "/station": en.shell.pages.station,
};

const tabs: Record<string, readonly PageTab[]> = {
  "/transfer": [
    { path: "/transfer", label: en.transfer.tabs.gate },
    { path: "/transfer/inbox", label: en.transfer.tabs.inbox },
    { path: "/transfer/outbox", label: en.transfer.tabs.outbox },
    { path: "/transfer/ledger", label: en.transfer.tabs.ledger },
    { path: "/transfer/peers", label: en.transfer.tabs.peers },
    { path: "/transfer/quarantine", label: en.transfer.tabs.quarantine },
    { path: "/transfer/alarms", label: en.transfer.tabs.alarms },
  ],
  "/audit": [
    { path: "/audit", label: en.audit.tabs.search },
    { path: "/audit/checkpoints", label: en.audit.tabs.checkpoints },
    { path: "/audit/signoffs", label: en.audit.tabs.signoffs },
    { path: "/audit/reports", label: en.audit.tabs.reports },
    { path: "/audit/retention", label: en.audit.tabs.retention },
  ],
  "/people": [
    { path: "/people", label: en.people.tabs.operators },
    { path: "/people/approvals", label: en.people.tabs.approvals },
    { path: "/people/sessions", label: en.people.tabs.sessions },
    { path: "/people/roles", label: en.people.tabs.roles },
    { path: "/people/recovery", label: en.recovery.tab },
  ],
  "/station": [
    { path: "/station", label: en.station.tabs.identity },
    { path: "/station/backup", label: en.station.tabs.backup },
    { path: "/station/keys", label: en.station.tabs.keys },
    { path: "/station/about", label: en.station.tabs.about },
  ],
};

/** The title of the page at the root of a path. */
export function titleOf(root: string): string {
  return titles[root] ?? en.product;
}

export function tabsOf(root: string): readonly PageTab[] {
  return tabs[root] ?? [];
}

/** One route a page. What a page can't do yet has no route. */
export function Pages() {
  return (
    <Switch>
      <Route path="/" component={WatchPage} />
      <Route path="/transfer">{() => <GatePage job={undefined} exporting={false} />}</Route>
      <Route path="/transfer/export">{() => <GatePage job={undefined} exporting />}</Route>
      <Route path="/transfer/job/:job">{({ job }) => <GatePage job={job} exporting={false} />}</Route>
      <Route path="/transfer/inbox" component={InboxPage} />
      <Route path="/transfer/outbox" component={OutboxPage} />
      <Route path="/transfer/ledger/:batch?">{({ batch }) => <LedgerPage batch={batch} />}</Route>
      <Route path="/transfer/peers/:peer?">{({ peer }) => <PeersPage chosen={peer} />}</Route>
      <Route path="/transfer/quarantine/:batch?/:part?/:line?">
        {({ batch, part, line }) => <QuarantinePage batch={batch} part={part} line={line} />}
      </Route>
      <Route path="/transfer/alarms/:peer?">{({ peer }) => <AlarmsPage peer={peer} />}</Route>
      <Route path="/requests/:filter?/:request?">
        {({ filter, request }) => <RequestsPage filter={filter} request={request} />}
      </Route>
      <Route path="/audit/checkpoints" component={CheckpointsPage} />
      <Route path="/audit/reports/:kind?">{({ kind }) => <ReportsPage kind={kind} />}</Route>
      <Route path="/audit/signoffs/:signoff?">{({ signoff }) => <SignoffsPage chosen={signoff} />}</Route>
      <Route path="/audit/retention" component={RetentionPage} />
      <Route path="/audit/:event?">{({ event }) => <AuditPage event={event} />}</Route>
      <Route path="/people/approvals/:approval?">
        {({ approval }) => <ApprovalsPage chosen={approval} />}
      </Route>
      <Route path="/people/roles" component={RolesPage} />
      <Route path="/people/sessions" component={SessionsPage} />
      <Route path="/people/recovery" component={RecoveryPage} />
      <Route path="/people/:operator?">{({ operator }) => <PeoplePage chosen={operator} />}</Route>
      <Route path="/station" component={StationPage} />
      <Route path="/station/backup" component={BackupPage} />
      <Route path="/station/keys" component={KeysPage} />
      <Route path="/station/about" component={AboutPage} />
      <Route path="/peers/:rest*">{() => <Redirect to="/transfer/peers" replace />}</Route>
      <Route>
        <EmptyState
          alone
          title={en.shell.missing.title}
          about={en.shell.missing.about}
          action={
            <Link href="/" className="under">
              {en.shell.missing.action}
            </Link>
          }
        />
      </Route>
    </Switch>
  );
}
