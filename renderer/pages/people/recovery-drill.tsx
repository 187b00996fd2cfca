import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { en } from "../../../shared/strings/en.ts";
import { toFailure } from "../../app/failure.ts";
import { client } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { SecretField } from "../../ui/secret-field.tsx";
import { Section } from "../../ui/section.tsx";
import { Status } from "../../ui/status.tsx";
import { filled, ShareFields } from "./recovery-shares.tsx";
import styles from "./recovery.module.css";

const text = en.recovery.drill;

/** Tries shares and one's own passphrase, and forgets them at once, right or wrong. */
export function RecoveryDrill() {
  const [shares, setShares] = useState<readonly string[]>(["", ""]);
  const [passphrase, setPassphrase] = useState("");
  const drill = useMutation({
    gcTime: 0,
    mutationFn: () => client.recovery.drill({ shares: filled(shares), passphrase }),
    onSuccess: () => setShares(["", ""]),
    onSettled: () => setPassphrase(""),
  });
  return (
    <Section title={text.title} caption={text.caption}>
      <form
        className={styles["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          if (passphrase !== "" && !drill.isPending) drill.mutate();
        }}
      >
        <ShareFields shares={shares} onChange={setShares} />
        <SecretField
          label={text.passphrase}
          value={passphrase}
          onChange={(event) => setPassphrase(event.target.value)}
          autoComplete="off"
        />
        <div className={styles["actions"]}>
          <Button
            type="submit"
            disabled={passphrase === "" || filled(shares).length === 0 || drill.isPending}
          >
            {text.act}
          </Button>
        </div>
      </form>
      <output>
        {drill.data === undefined ? null : (
          <Status kind="done">{text.done(drill.data.shares.join(", "), drill.data.set)}</Status>
        )}
      </output>
      {drill.isError ? <ErrorState failure={toFailure(drill.error, en.failed.act(text.failed))} /> : null}
    </Section>
  );
}
