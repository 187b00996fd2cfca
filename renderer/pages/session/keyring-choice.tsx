import { useState } from "react";
import { en } from "../../../shared/strings/en.ts";
import { recallPassphrase, type Keyring } from "../../app/keyring.ts";
import { Button } from "../../ui/button.tsx";
import { Checkbox } from "../../ui/checkbox.tsx";
import styles from "./sign-in-page.module.css";

const text = en.session;

interface KeyringChoiceProps {
  readonly keyring: Keyring;
  readonly keep: boolean;
  readonly onKeep: (keep: boolean) => void;
  readonly onRecalled: (passphrase: string) => void;
}

/** In a window whose system keeps secrets: keep the passphrase, or use the one that is kept. */
export function KeyringChoice({ keyring, keep, onKeep, onRecalled }: KeyringChoiceProps) {
  const [gone, setGone] = useState(false);
  return (
    <>
      <Checkbox label={text.keep} checked={keep} onChange={(event) => onKeep(event.target.checked)} />
      {keyring.kept && !gone ? (
        <div>
          <Button
            onClick={() =>
              void recallPassphrase().then((kept) => (kept === null ? setGone(true) : onRecalled(kept)))
            }
          >
            {text.recall}
          </Button>
        </div>
      ) : null}
      {gone ? <p className={styles["wait"]}>{text.recallFailed}</p> : null}
    </>
  );
}
