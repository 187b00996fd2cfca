import { useState } from "react";
import { roleNames, rolesRefused } from "../../../shared/roles.ts";
import { en } from "../../../shared/strings/en.ts";
import { useRefusal } from "../../app/session.ts";
import { client } from "../../rpc.ts";
import { Fact, Facts } from "../../ui/facts.tsx";
import { Section } from "../../ui/section.tsx";
import { Time } from "../../ui/time.tsx";
import { AskDialog } from "../../app/ask-dialog.tsx";
import { RolesField, type RoleName } from "./roles-field.tsx";
import styles from "./people.module.css";

const text = en.people;

export interface OperatorView {
  readonly name: string;
  readonly roles: readonly string[];
  readonly state: "active" | "disabled";
  readonly why: string | null;
  readonly createdAt: string;
  readonly enrolledBy: string | null;
  readonly signedInAt: string | null;
  readonly mayApprove: boolean;
  readonly secondFactor: boolean;
}

/** One operator: facts, and what an administrator can change. */
export function OperatorDetail({ operator }: { operator: OperatorView }) {
  const { name } = operator;
  const role = useRefusal("people.manage");
  const [roles, setRoles] = useState<RoleName[]>(known(operator.roles));
  const change = text.change;
  return (
    <Section title={name} gap label={name}>
      <Facts rows="wide">
        <Fact name={text.facts.roles}>{operator.roles.join(", ")}</Fact>
        <Fact name={text.facts.approves}>{operator.mayApprove ? text.yes : text.no}</Fact>
        <Fact name={text.facts.enrolled}>
          <Time at={operator.createdAt} />
        </Fact>
        <Fact name={text.facts.enrolledBy}>{operator.enrolledBy ?? text.founder}</Fact>
        {operator.why === null ? null : <Fact name={text.facts.why}>{operator.why}</Fact>}
      </Facts>
      <div className={styles["actions"]}>
        <AskDialog
          button={change.roles}
          notYet={role}
          title={change.rolesTitle(name)}
          consequence={change.rolesConsequence}
          act={change.save}
          failed={change.failed}
          ready={rolesRefused(roles) === null}
          run={() => client.operators.roles({ name, roles })}
        >
          <RolesField roles={roles} onRoles={setRoles} />
        </AskDialog>
        {operator.secondFactor ? (
          <AskDialog
            button={change.resetFactor}
            notYet={role}
            title={change.resetTitle(name)}
            consequence={change.resetConsequence}
            act={change.resetFactor}
            failed={change.failed}
            run={() => client.session.resetFactor({ operator: name })}
          />
        ) : null}
        {operator.state === "active" ? (
          <AskDialog
            button={change.disable}
            danger
            notYet={role}
            title={change.disableTitle(name)}
            consequence={change.disableConsequence}
            act={change.disable}
            failed={change.failed}
            run={() => client.operators.disable({ name })}
          />
        ) : (
          <AskDialog
            button={change.enable}
            notYet={role}
            title={change.enableTitle(name)}
            consequence={change.enableConsequence}
            act={change.enable}
            failed={change.failed}
            run={() => client.operators.enable({ name })}
          />
        )}
        <AskDialog
          button={change.remove}
          danger
          notYet={role}
          title={change.removeTitle(name)}
          consequence={change.removeConsequence}
          act={change.remove}
          failed={change.failed}
          run={() => client.operators.remove({ name })}
        />
      </div>
    </Section>
  );
}

function known(roles: readonly string[]): RoleName[] {
  return roleNames.filter((role) => roles.includes(role));
}
