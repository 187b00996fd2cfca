import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { en } from "../../../shared/strings/en.ts";
import { Answer } from "../../app/answer.tsx";
import { toFailure } from "../../app/failure.ts";
import { useRefusal } from "../../app/session.ts";
import { client, orpc } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { Columns } from "../../ui/columns.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { SelectField } from "../../ui/field.tsx";
import { formatCount } from "../../ui/format.ts";
import { OutsideText } from "../../ui/outside-text.tsx";
import { Say } from "../../ui/say.tsx";
import { Section } from "../../ui/section.tsx";
import { Table, type Column } from "../../ui/table.tsx";
import { Time } from "../../ui/time.tsx";
import { AskDialog } from "../../app/ask-dialog.tsx";
import { FactorSection } from "./factor-section.tsx";
import { PassphraseSection } from "./passphrase-section.tsx";
import styles from "./people.module.css";

const text = en.people.sessions;

interface SessionView {
  readonly session: string;
  readonly operator: string;
  readonly state: "open" | "away";
  readonly device: string;
  readonly face: string;
  readonly startedAt: string;
  readonly usedAt: string;
  readonly endsAt: string;
  readonly own: boolean;
}

const columns: readonly Column<SessionView>[] = [
  { id: "operator", head: text.columns.operator, width: 130, strong: true, cell: (row) => row.operator },
  {
    id: "state",
    head: text.columns.state,
    width: 76,
    cell: (row) =>
      row.state === "open" ? text.states.open : <span className="dim">{text.states.away}</span>,
  },
  {
    id: "face",
    head: text.columns.face,
    cell: (row) => (row.device === "" ? row.face : <OutsideText text={row.device} />),
  },
  { id: "since", head: text.columns.since, width: 180, cell: (row) => <Time at={row.startedAt} /> },
  { id: "used", head: text.columns.used, width: 180, cell: (row) => <Time at={row.usedAt} /> },
  { id: "ends", head: text.columns.ends, width: 180, cell: (row) => <Time at={row.endsAt} /> },
  {
    id: "end",
    head: text.end,
    width: 84,
    cell: (row) => (row.own ? <span className="dim">{text.own}</span> : <End session={row.session} />),
  },
];

/** Where somebody is signed in, the limits that hold, and one's own second factor. */
export function SessionsPage() {
  const query = useQuery(orpc.session.list.queryOptions({ input: {} }));
  const others = useMutation({
    mutationFn: () => client.session.endOthers({}),
    onSuccess: () => query.refetch(),
  });
  return (
    <Answer query={query} what={text.what}>
      {({ sessions, profile }) => (
        <div className={styles["page"]}>
          <Say sentence={saySessions(sessions)} />
          <Section
            title={text.list}
            caption={text.caption(profile)}
            aside={
              <Button small disabled={others.isPending} onClick={() => others.mutate()}>
                {text.endOthers}
              </Button>
            }
          >
            <Table label={text.list} columns={columns} rows={sessions} rowKey={(row) => row.session} />
          </Section>
          {others.isError ? (
            <ErrorState failure={toFailure(others.error, en.failed.act(text.failed))} />
          ) : null}
          <Columns kind="even">
            <div>
              <FactorSection />
              <Limits key={profile} profile={profile} />
            </div>
            <div>
              <PassphraseSection />
            </div>
          </Columns>
        </div>
      )}
    </Answer>
  );
}

function saySessions(sessions: readonly SessionView[]): string {
  const open = sessions.filter((row) => row.state === "open").length;
  const waiting = sessions.length - open;
  const said = open === 1 ? text.sayOne : text.say(formatCount(open));
  return waiting === 0 ? said : `${said} ${text.sayWaiting(formatCount(waiting))}`;
}

function End({ session }: { session: string }) {
  const end = useMutation({ mutationFn: () => client.session.end({ session }) });
  return (
    <Button small disabled={end.isPending} onClick={() => end.mutate()}>
      {text.end}
    </Button>
  );
}

function Limits({ profile }: { profile: "nist" | "stig" }) {
  const [chosen, setChosen] = useState(profile);
  const role = useRefusal("people.manage");
  return (
    <Section title={text.profile} gap>
      <div className={styles["form"]}>
        <SelectField
          label={text.profile}
          note={text.profileNote}
          value={chosen}
          onChange={(event) => setChosen(event.target.value === "stig" ? "stig" : "nist")}
        >
          <option>nist</option>
          <option>stig</option>
        </SelectField>
        <div>
          <AskDialog
            button={text.profileSet}
            notYet={role}
            title={text.profileTitle(chosen)}
            consequence={text.profileNote}
            act={text.profileSet}
            failed={text.profileFailed}
            ready={chosen !== profile}
            run={() => client.session.profile({ profile: chosen })}
          />
        </div>
      </div>
    </Section>
  );
}
