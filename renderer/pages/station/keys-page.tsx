import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { en } from "../../../shared/strings/en.ts";
import { Answer } from "../../app/answer.tsx";
import { useRefusal } from "../../app/session.ts";
import { orpc } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { Columns } from "../../ui/columns.tsx";
import { formatBytes, formatCount } from "../../ui/format.ts";
import { Section } from "../../ui/section.tsx";
import { Status } from "../../ui/status.tsx";
import { Table, type Column } from "../../ui/table.tsx";
import { Time } from "../../ui/time.tsx";
import { IdentityDialog } from "./identity-dialog.tsx";
import { RevokeSection } from "./revoke-section.tsx";
import { RotateSection } from "./rotate-section.tsx";
import styles from "./station-page.module.css";

const text = en.station;

interface Key {
  readonly purpose: keyof typeof text.purposes;
  readonly version: number;
  readonly public: string | null;
  readonly createdAt: string;
  readonly fingerprint: string | null;
  readonly retiredAt: string | null;
  readonly revokedAt: string | null;
}

const columns: readonly Column<Key>[] = [
  {
    id: "purpose",
    head: text.keyColumns.purpose,
    width: 128,
    strong: true,
    cell: (key) => text.purposes[key.purpose],
  },
  {
    id: "version",
    head: text.keyColumns.version,
    width: 44,
    figures: true,
    cell: (key) => formatCount(key.version),
  },
  {
    id: "public",
    head: text.keyColumns.public,
    cell: (key) =>
      key.public === null ? (
        <span className="dim">{text.noPublic}</span>
      ) : (
        <span className="fact" title={key.public}>
          {key.public}
        </span>
      ),
    copy: (key) => key.public ?? text.noPublic,
  },
  {
    id: "state",
    head: text.keyColumns.state,
    width: 86,
    cell: (key) => (
      <Status kind={key.revokedAt !== null ? "failed" : key.retiredAt === null ? "done" : "off"}>
        {key.revokedAt !== null
          ? text.keyStates.revoked
          : key.retiredAt === null
            ? text.keyStates.inForce
            : text.keyStates.replaced}
      </Status>
    ),
  },
  { id: "created", head: text.keyColumns.created, width: 188, cell: (key) => <Time at={key.createdAt} /> },
];

/** Every key of the station, and the one that may be handed out. */
export function KeysPage() {
  const [asking, setAsking] = useState(false);
  const role = useRefusal("keys.export");
  const shown = useQuery(orpc.station.show.queryOptions({ input: {} }));
  return (
    <Answer query={shown} what={text.failed}>
      {(data) => (
        <Columns kind="aside">
          <Section title={text.keys} caption={text.keysCaption(formatCount(data.keys.length))}>
            <Table
              label={text.keys}
              columns={columns}
              rows={data.keys}
              rowKey={(key) => `${key.purpose} ${key.version}`}
            />
          </Section>
          <div>
            <Section title={text.passphrase} caption={text.passphraseCaption}>
              <p className="small second">
                {text.passphraseHash(
                  formatBytes(data.passwordHash.memoryKiB * 1024),
                  formatCount(data.passwordHash.passes),
                )}
              </p>
            </Section>
            <RotateSection />
            <RevokeSection keys={data.keys} />
            <Section title={text.identityOut} gap>
              <p className={styles["note"]}>{text.identityOutAbout}</p>
              <p className={styles["note"]}>
                <Button notYet={role} onClick={() => setAsking(true)}>
                  {text.identityButton}
                </Button>
              </p>
              <IdentityDialog open={asking} onClose={() => setAsking(false)} />
            </Section>
          </div>
        </Columns>
      )}
    </Answer>
  );
}
