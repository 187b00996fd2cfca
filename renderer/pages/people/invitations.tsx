import { useState } from "react";
import { en } from "../../../shared/strings/en.ts";
import { useRefusal } from "../../app/session.ts";
import { client } from "../../rpc.ts";
import { TextField } from "../../ui/field.tsx";
import { Section } from "../../ui/section.tsx";
import { Status } from "../../ui/status.tsx";
import { Table, type Column } from "../../ui/table.tsx";
import { Time } from "../../ui/time.tsx";
import { AskDialog } from "../../app/ask-dialog.tsx";

const text = en.people;

export interface InvitationView {
  readonly name: string;
  readonly roles: readonly string[];
  readonly invitedBy: string;
  readonly expiresAt: string;
  readonly state: "open" | "accepted" | "expired";
}

const shapes = { open: "waiting", accepted: "held", expired: "off" } as const;

const columns: readonly Column<InvitationView>[] = [
  { id: "name", head: text.columns.name, width: 110, strong: true, cell: (row) => row.name },
  { id: "roles", head: text.columns.roles, cell: (row) => row.roles.join(", ") },
  {
    id: "state",
    head: text.columns.state,
    width: 100,
    cell: (row) => <Status kind={shapes[row.state]}>{text.invitationStates[row.state]}</Status>,
  },
  { id: "until", head: text.columns.until, width: 180, cell: (row) => <Time at={row.expiresAt} /> },
  { id: "act", head: text.columns.act, width: 160, cell: (row) => <Acts invitation={row} /> },
];

/** Who is invited; who has made their keys waits to be heard. */
export function Invitations({ invitations }: { invitations: readonly InvitationView[] }) {
  if (invitations.length === 0) return null;
  return (
    <Section title={text.invitations} gap>
      <Table label={text.invitations} columns={columns} rows={invitations} rowKey={(row) => row.name} />
    </Section>
  );
}

function Acts({ invitation: { name, state } }: { invitation: InvitationView }) {
  const [words, setWords] = useState("");
  const role = useRefusal("people.manage");
  return (
    <>
      {state === "accepted" ? (
        <AskDialog
          button={text.confirm.button}
          notYet={role}
          title={text.confirm.title(name)}
          consequence={text.confirm.consequence}
          act={text.confirm.act}
          failed={text.confirm.failed}
          ready={words.trim().split(/\s+/).length === 8}
          run={() => client.operators.confirm({ name, words })}
        >
          <TextField
            label={text.confirm.words}
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
        </AskDialog>
      ) : null}{" "}
      <AskDialog
        button={text.withdraw}
        notYet={role}
        title={text.withdrawTitle(name)}
        consequence={text.withdrawConsequence}
        act={text.withdraw}
        failed={text.withdrawFailed}
        run={() => client.operators.withdraw({ name })}
      />
    </>
  );
}
