import { roleNames } from "../../../shared/roles.ts";
import { en } from "../../../shared/strings/en.ts";
import { Checkbox } from "../../ui/checkbox.tsx";
import styles from "./people.module.css";

export type RoleName = (typeof roleNames)[number];

interface RolesFieldProps {
  readonly roles: readonly RoleName[];
  readonly onRoles: (roles: RoleName[]) => void;
}

/** The roles of one person, each with what it lets do. */
export function RolesField({ roles, onRoles }: RolesFieldProps) {
  return (
    <fieldset className={styles["roles"]}>
      <legend>{en.people.invite.roles}</legend>
      {roleNames.map((role) => (
        <Checkbox
          key={role}
          label={en.people.roleWords[role]}
          checked={roles.includes(role)}
          onChange={(event) =>
            onRoles(event.target.checked ? [...roles, role] : roles.filter((one) => one !== role))
          }
        />
      ))}
    </fieldset>
  );
}
