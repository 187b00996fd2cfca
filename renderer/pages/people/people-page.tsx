import { useQuery } from "@tanstack/react-query";
import { UserPlus } from "lucide-react";
import { useState } from "react";
import { useLocation } from "wouter";
import { en } from "../../../shared/strings/en.ts";
import { Answer } from "../../app/answer.tsx";
import { EditedMark } from "../../app/here.tsx";
import { useRefusal, useSession } from "../../app/session.ts";
import { orpc } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { Columns } from "../../ui/columns.tsx";
import { formatCount } from "../../ui/format.ts";
import { Say } from "../../ui/say.tsx";
import { Section } from "../../ui/section.tsx";
import { Status } from "../../ui/status.tsx";
import { Table, type Column } from "../../ui/table.tsx";
import { Time } from "../../ui/time.tsx";
import { Invitations, type InvitationView } from "./invitations.tsx";
import { InviteDialog } from "./invite-dialog.tsx";
import { OperatorDetail, type OperatorView } from "./operator-detail.tsx";
import { OperatorRights } from "./operator-rights.tsx";
import { OperatorSessions } from "./operator-sessions.tsx";
import styles from "./people.module.css";

const text = en.people;

const columns: readonly Column<OperatorView>[] = [
  {
    id: "name",
    head: text.columns.name,
    width: 110,
    strong: true,
    cell: (row) => (
      <>
        {row.name}
        <EditedMark kind="operator" name={row.name} />
      </>
    ),
  },
  { id: "roles", head: text.columns.roles, cell: (row) => row.roles.join(", ") },
  {
    id: "state",
    head: text.columns.state,
    width: 96,
    cell: (row) => <Status kind={row.state === "active" ? "done" : "off"}>{text.states[row.state]}</Status>,
  },
  {
    id: "factor",
    head: text.columns.factor,
    width: 104,
    cell: (row) => (row.secondFactor ? text.factor.yes : <span className="dim">{text.factor.no}</span>),
  },
  {
    id: "signedIn",
    head: text.columns.signedIn,
    width: 180,
    cell: (row) =>
      row.signedInAt === null ? <span className="dim">{text.never}</span> : <Time at={row.signedInAt} />,
  },
];

/** Operators and invitations. */
export function PeoplePage({ chosen }: { chosen: string | undefined }) {
  const [, navigate] = useLocation();
  const [inviting, setInviting] = useState(false);
  const { people } = useSession();
  const role = useRefusal("people.manage");
  const list = useQuery(orpc.operators.list.queryOptions({ input: {} }));
  return (
    <Answer query={list} what={text.tabs.operators}>
      {({ operators, invitations }) => {
        const shown = operators.find((row) => row.name === chosen) ?? operators[0];
        return (
          <div className={styles["page"]}>
            <Say
              sentence={sentence(operators, invitations)}
              actions={
                <Button look="primary" icon={<UserPlus />} notYet={role} onClick={() => setInviting(true)}>
                  {text.invite.button}
                </Button>
              }
            >
              {text.about[people]}
            </Say>
            <Columns kind="detail">
              <div>
                <Section title={text.tabs.operators}>
                  <Table
                    label={text.tabs.operators}
                    columns={columns}
                    rows={operators}
                    rowKey={(row) => row.name}
                    chosen={shown?.name}
                    onChoose={(row) => navigate(`/people/${row.name}`)}
                  />
                </Section>
                <Invitations invitations={invitations} />
              </div>
              {shown === undefined ? null : (
                <div key={shown.name}>
                  <OperatorDetail operator={shown} />
                  <OperatorRights operator={shown} />
                  <OperatorSessions name={shown.name} />
                </div>
              )}
            </Columns>
            <InviteDialog open={inviting} onClose={() => setInviting(false)} />
          </div>
        );
      }}
    </Answer>
  );
}

function sentence(operators: readonly OperatorView[], invitations: readonly InvitationView[]): string {
  const waiting = invitations.find((row) => row.state === "accepted");
  if (waiting !== undefined) return text.say.accepted(waiting.name);
  const [first] = operators;
  return operators.length === 1 && first !== undefined
    ? text.say.one(first.name)
    : text.say.some(formatCount(operators.length));
}
