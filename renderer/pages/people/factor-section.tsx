import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { en } from "../../../shared/strings/en.ts";
import { Answer } from "../../app/answer.tsx";
import { toFailure } from "../../app/failure.ts";
import { client, orpc } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { WholeFact } from "../../ui/fact.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { TextField } from "../../ui/field.tsx";
import { formatCount } from "../../ui/format.ts";
import { QrCode } from "../../ui/qr-code.tsx";
import { SecretField } from "../../ui/secret-field.tsx";
import { Section } from "../../ui/section.tsx";
import { Time } from "../../ui/time.tsx";
import styles from "./people.module.css";

const text = en.people.second;

/** One's own second factor: enrol a device, confirm one code, take the recovery codes, renew them. */
export function FactorSection() {
  const query = useQuery(orpc.session.factor.queryOptions({ input: {} }));
  const [passphrase, setPassphrase] = useState("");
  const [code, setCode] = useState("");
  const offer = useMutation({ mutationFn: () => client.session.offerFactor({ passphrase }) });
  const finish = useMutation({
    mutationFn: (enrolled: boolean) =>
      enrolled
        ? client.session.recoveryCodes({ passphrase, code })
        : client.session.confirmFactor({ passphrase, code }),
    onSuccess: () => {
      setPassphrase("");
      offer.reset();
      void query.refetch();
    },
    onSettled: () => setCode(""),
  });
  const codes = finish.data?.recoveryCodes;
  const error = offer.error ?? finish.error;
  return (
    <Answer query={query} what={text.what}>
      {(factor) => (
        <Section title={text.title} caption={text.caption} gap>
          <p>{factor.enrolled ? text.enrolled(formatCount(factor.recoveryCodesLeft)) : text.none}</p>
          <Facts rows="wide">
            <Fact name={text.clock}>
              <Time at={offer.data?.stationTime ?? factor.stationTime} show="clock" />
            </Fact>
            {factor.enrolled ? (
              <Fact name={text.drift}>{text.seconds(String(factor.driftSeconds))}</Fact>
            ) : null}
            {offer.data === undefined ? null : (
              <>
                <Fact name={text.secret}>
                  <WholeFact value={groups(offer.data.secret)} copy={text.secret} />
                </Fact>
                <Fact name={text.address}>
                  <WholeFact value={offer.data.url} copy={text.address} />
                </Fact>
                <Fact name={text.camera}>
                  <QrCode text={offer.data.url} what={text.camera} />
                </Fact>
              </>
            )}
          </Facts>
          {codes === undefined ? (
            <form
              className={styles["form"]}
              onSubmit={(event) => {
                event.preventDefault();
                if (factor.enrolled || offer.data !== undefined) finish.mutate(factor.enrolled);
                else offer.mutate();
              }}
            >
              <SecretField
                label={text.passphrase}
                value={passphrase}
                onChange={(event) => setPassphrase(event.target.value)}
                autoComplete="off"
              />
              {factor.enrolled || offer.data !== undefined ? (
                <TextField
                  label={text.code}
                  value={code}
                  onChange={(event) => setCode(event.target.value)}
                  inputMode="numeric"
                  fact
                />
              ) : null}
              <div>
                <Button type="submit" disabled={passphrase === "" || offer.isPending || finish.isPending}>
                  {factor.enrolled ? text.renew : offer.data === undefined ? text.begin : text.confirm}
                </Button>
              </div>
            </form>
          ) : (
            <Codes codes={codes} onWritten={() => finish.reset()} />
          )}
          {error === null ? null : <ErrorState failure={toFailure(error, en.failed.act(text.failed))} />}
        </Section>
      )}
    </Answer>
  );
}

function Codes({ codes, onWritten }: { codes: readonly string[]; onWritten: () => void }) {
  return (
    <>
      <p>
        <b>{text.codes}</b> {text.codesAbout}
      </p>
      <ul className={styles["codes"]}>
        {codes.map((code) => (
          <li key={code} className="fact">
            {code}
          </li>
        ))}
      </ul>
      <Button onClick={onWritten}>{text.written}</Button>
    </>
  );
}

/** Four letters at a time, as they are typed into a device. */
function groups(secret: string): string {
  return (secret.match(/.{1,4}/g) ?? []).join(" ");
}
