import { useQuery } from "@tanstack/react-query";
import { useLocation } from "wouter";
import { en } from "../../../shared/strings/en.ts";
import { Answer } from "../../app/answer.tsx";
import { useSession } from "../../app/session.ts";
import { orpc } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { Columns, Stack } from "../../ui/columns.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { formatCount } from "../../ui/format.ts";
import { LedgerLegend } from "../../ui/ledger-strip.tsx";
import { Say } from "../../ui/say.tsx";
import { Section } from "../../ui/section.tsx";
import { Status } from "../../ui/status.tsx";
import { PeerStrips } from "../transfer/peer-strips.tsx";
import { Happened } from "./happened.tsx";
import { Happening } from "./happening.tsx";
import { Needs, type Need } from "./needs.tsx";
import styles from "./watch-page.module.css";

const text = en.watch;

/** What needs me, what is happening, what happened; beside it the traffic and the numbers of today. */
export function WatchPage() {
  const summary = useQuery(orpc.watch.summary.queryOptions({ input: {} }));
  const jobs = useQuery(orpc.transfer.jobs.queryOptions({ input: {} }));
  const peers = useQuery(orpc.peers.list.queryOptions({ input: {} }));
  return (
    <Answer query={summary} what={en.shell.pages.watch}>
      {(data) => (
        <>
          <Say
            sentence={sentence(data.needs)}
            {...(data.needs.length === 0 ? {} : { glyph: "warn" as const, tone: "warn" as const })}
          />
          <Columns kind="aside">
            <Stack>
              {/* A station without a peer may have an alarm all the same. */}
              {peers.data?.peers.length === 0 && data.needs.length === 0 ? null : (
                <Needs needs={data.needs} />
              )}
              {peers.data?.peers.length === 0 ? <FirstPeer titled={data.needs.length === 0} /> : null}
              <Happening jobs={jobs.data?.jobs ?? data.jobs} />
              <Happened />
            </Stack>
            <Stack>
              <Section title={text.traffic} caption={text.trafficCaption}>
                {data.strips.every((strip) => strip.cells.length === 0) ? (
                  <p className="dim small">{text.trafficNone}</p>
                ) : (
                  <div className={styles["strips"]}>
                    <PeerStrips strips={data.strips} cells={10} />
                    <LedgerLegend />
                  </div>
                )}
              </Section>
              <Today rows={data.today} />
              <Checks checks={data.checks} />
            </Stack>
          </Columns>
        </>
      )}
    </Answer>
  );
}

function sentence(needs: readonly Need[]): string {
  const [first] = needs;
  if (first === undefined) return text.say.none;
  const title = first.title.replace(/\.$/, "");
  return `${needs.length === 1 ? text.say.one(title) : text.say.many(formatCount(needs.length), title)}.`;
}

function FirstPeer({ titled }: { titled: boolean }) {
  const [, navigate] = useLocation();
  const { side } = useSession();
  return (
    <Section title={titled ? text.needs : text.first.section} label={en.ui.sides[side]}>
      <EmptyState
        title={text.first.title}
        about={text.first.about}
        steps={text.first.steps}
        action={
          <Button look="primary" onClick={() => navigate("/transfer/peers")}>
            {text.first.action}
          </Button>
        }
      />
    </Section>
  );
}

function Today({
  rows,
}: {
  rows: readonly { readonly name: string; readonly today: number; readonly yesterday: number }[];
}) {
  return (
    <Section title={text.today} caption={text.todayCaption}>
      <table className={styles["today"]}>
        <thead>
          <tr>
            <th scope="col">
              <span className="hidden-text">{text.today}</span>
            </th>
            <th scope="col">{text.columns.today}</th>
            <th scope="col">{text.columns.yesterday}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <th scope="row">{row.name}</th>
              <td>{formatCount(row.today)}</td>
              <td>{formatCount(row.yesterday)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

function Checks({
  checks,
}: {
  checks: readonly { readonly name: string; readonly ok: boolean; readonly note: string }[];
}) {
  const faults = checks.filter((check) => !check.ok).length;
  return (
    <Section
      title={text.checks}
      caption={faults === 0 ? text.checksGood : text.checksBad(formatCount(faults))}
    >
      <ul className={styles["checks"]}>
        {checks.map((check) => (
          <li key={check.name}>
            <Status kind={check.ok ? "done" : "warn"}>{check.name}</Status>
            <span>{check.note}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
