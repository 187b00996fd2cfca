import { useQuery } from "@tanstack/react-query";
import { Eye, Lock } from "lucide-react";
import { Link } from "wouter";
import { en } from "../../../shared/strings/en.ts";
import { Answer } from "../../app/answer.tsx";
import { useSession } from "../../app/session.ts";
import { orpc } from "../../rpc.ts";
import { Columns, Stack } from "../../ui/columns.tsx";
import { WholeFact } from "../../ui/fact.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { formatBytes, formatCount } from "../../ui/format.ts";
import { Say } from "../../ui/say.tsx";
import { Section } from "../../ui/section.tsx";
import { StationTag, type Side } from "../../ui/side.tsx";
import { Status } from "../../ui/status.tsx";
import { Time } from "../../ui/time.tsx";
import styles from "./station-page.module.css";

const text = en.station;

const diskShapes = { ok: "done", warn: "warn", stop: "failed", "read-only": "failed" } as const;

/** Who this station is, what lies clear on its disk, and who holds it. */
export function StationPage() {
  const { name } = useSession();
  const shown = useQuery(orpc.station.show.queryOptions({ input: {} }));
  return (
    <Answer query={shown} what={text.failed}>
      {(data) => (
        <>
          <Say
            sentence={text.say.runs(name)}
            {...(data.diskEncrypted === true ? {} : { glyph: "warn" as const, tone: "warn" as const })}
          >
            {data.diskEncrypted === true
              ? undefined
              : data.diskEncrypted === false
                ? text.say.disk
                : text.say.diskUnknown}
          </Say>
          <Columns kind="even">
            <Stack>
              <Identity data={data} />
              <Section title={text.running} caption={text.runningCaption}>
                <Facts>
                  <Fact name={text.holder}>{text.process(data.holder.shell, String(data.holder.pid))}</Fact>
                  <Fact name={text.since}>
                    <Time at={data.holder.since} />
                  </Fact>
                </Facts>
              </Section>
            </Stack>
            <Stack>
              <Section title={text.atRest} caption={text.atRestCaption}>
                <ul className={styles["rest"]}>
                  {data.atRest.encrypted.map((what) => (
                    <li key={what}>
                      <Lock aria-hidden="true" />
                      <span>{what}</span>
                      <span className="dim">{text.encrypted}</span>
                    </li>
                  ))}
                  {data.atRest.clear.map((what) => (
                    <li key={what} className={styles["clear"]}>
                      <Eye aria-hidden="true" />
                      <span>{what}</span>
                      <b>{text.clear}</b>
                    </li>
                  ))}
                </ul>
              </Section>
              <Section title={text.disk}>
                <Facts>
                  <Fact name={text.disk.toLowerCase()}>
                    <Status kind={data.diskEncrypted === true ? "done" : "warn"}>
                      {data.diskEncrypted === null
                        ? text.diskStates.unknown
                        : data.diskEncrypted
                          ? text.diskStates.yes
                          : text.diskStates.no}
                    </Status>
                  </Fact>
                  <Fact name={text.sizes.database}>{formatBytes(data.databaseBytes)}</Fact>
                  <Fact name={text.sizes.spool}>{formatBytes(data.spoolBytes)}</Fact>
                  <Fact name={text.sizes.free}>{formatBytes(data.freeBytes)}</Fact>
                  <Fact name={text.diskLevel}>
                    <Status kind={diskShapes[data.disk.level]}>{text.diskLevels[data.disk.level]}</Status>
                  </Fact>
                </Facts>
                <p className={styles["note"]}>
                  {text.diskLimits(
                    formatBytes(data.disk.warnBytes),
                    formatBytes(data.disk.stopBytes),
                    formatBytes(data.disk.readOnlyBytes),
                  )}
                </p>
                <p className={styles["note"]}>{text.diskNote}</p>
              </Section>
            </Stack>
          </Columns>
        </>
      )}
    </Answer>
  );
}

interface IdentityData {
  readonly station: string;
  readonly name: string;
  readonly side: Side;
  readonly people: "one" | "two";
  readonly lineage: string;
  readonly createdAt: string;
  readonly directory: string;
  readonly fingerprint: string;
  readonly ageRecipient: string;
  readonly audit: { readonly events: number; readonly root: string };
  readonly peers: { readonly trusted: number; readonly pending: number; readonly revoked: number };
}

function Identity({ data }: { data: IdentityData }) {
  const facts = text.facts;
  return (
    <Section
      title={
        <>
          {text.identity} <StationTag name={data.name} side={data.side} />
        </>
      }
      caption={en.ui.sides[data.side]}
      aside={
        <Link href="/transfer/peers" className="under">
          {text.showCard}
        </Link>
      }
    >
      <Facts rows="wide">
        <Fact name={facts.station}>
          <WholeFact value={data.station} copy={facts.station} />
        </Fact>
        <Fact name={facts.lineage}>
          <WholeFact value={data.lineage} copy={facts.lineage} />
        </Fact>
        <Fact name={facts.people}>{text.people[data.people]}</Fact>
        <Fact name={facts.founded}>
          <Time at={data.createdAt} />
        </Fact>
        <Fact name={facts.directory}>
          <WholeFact value={data.directory} copy={facts.directory} />
        </Fact>
        <Fact name={facts.key}>
          <WholeFact value={data.fingerprint} copy={facts.key} />
        </Fact>
        <Fact name={facts.recipient}>
          <WholeFact value={data.ageRecipient} copy={facts.recipient} />
        </Fact>
        <Fact name={facts.peers}>
          {text.peerCounts(
            formatCount(data.peers.trusted),
            formatCount(data.peers.pending),
            formatCount(data.peers.revoked),
          )}
        </Fact>
        <Fact name={facts.audit}>{formatCount(data.audit.events)}</Fact>
        <Fact name={facts.root}>
          <WholeFact value={data.audit.root} copy={facts.root} />
        </Fact>
      </Facts>
    </Section>
  );
}
