import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { en } from "../../../shared/strings/en.ts";
import { asksForCode, errorCode, toFailure, waitSeconds } from "../../app/failure.ts";
import { settleKeyring, useKeyring } from "../../app/keyring.ts";
import { useLock } from "../../app/lock.ts";
import { deviceName, keepSession, keptSession } from "../../app/resume.ts";
import { client, orpc } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { SelectField, TextField } from "../../ui/field.tsx";
import { formatDuration } from "../../ui/format.ts";
import { SecretField } from "../../ui/secret-field.tsx";
import { Section } from "../../ui/section.tsx";
import { Time, useNow } from "../../ui/time.tsx";
import { Walk } from "../../ui/walk.tsx";
import { AcceptForm } from "./accept-form.tsx";
import { DoorPage, type DoorStation } from "./door-page.tsx";
import { KeyringChoice } from "./keyring-choice.tsx";
import { RecoveryForm } from "./recovery-form.tsx";
import styles from "./sign-in-page.module.css";

export interface SignInState {
  readonly operators: readonly string[];
  readonly waitSeconds: number;
  readonly failures: number;
  readonly directory: string;
  readonly version: string;
}

const text = en.session;

/** Sign-in and lock are one page: both doors shut, who you are, the passphrase, and the wait after a wrong one. */
export function SignInPage({ state, station }: { state: SignInState; station: DoorStation }) {
  const locked = useLock((lock) => lock.locked);
  const [way, setWay] = useState<"passphrase" | "invitation" | "shares">("passphrase");
  const about =
    locked === null ? (
      `${en.ui.sides[station.side]}, ${text.foundedFor[station.people]}. ${text.sealed}`
    ) : (
      <>
        {en.ui.sides[station.side]}. {text.lockedBy(locked.operator)} <Time at={locked.at} show="clock" />.
      </>
    );
  return (
    <DoorPage
      station={station}
      title={text.shut}
      about={about}
      version={state.version}
      left={
        way === "invitation" ? (
          <AcceptForm onBack={() => setWay("passphrase")} />
        ) : way === "shares" ? (
          <RecoveryForm preset={state.operators[0] ?? ""} onBack={() => setWay("passphrase")} />
        ) : (
          <SignInForm
            state={state}
            preset={locked?.operator ?? keptSession()?.operator ?? state.operators[0] ?? ""}
            onWay={setWay}
          />
        )
      }
      right={<WhileShut state={state} wasLocked={locked !== null} />}
    />
  );
}

interface SignInFormProps {
  readonly state: SignInState;
  readonly preset: string;
  readonly onWay: (way: "invitation" | "shares") => void;
}

function SignInForm({ state, preset, onWay }: SignInFormProps) {
  const [operator, setOperator] = useState(preset);
  const [other, setOther] = useState(state.operators.length === 0);
  const [passphrase, setPassphrase] = useState("");
  const [factorCode, setFactorCode] = useState("");
  const [asked, setAsked] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const codeField = useRef<HTMLInputElement>(null);
  const kept = keptSession();
  const keyring = useKeyring();
  const [keep, setKeep] = useState<boolean>();
  const queries = useQueryClient();
  const signIn = useMutation({
    mutationFn: (given: string) =>
      client.session.signIn({
        operator,
        passphrase: given,
        device: deviceName(navigator.userAgent),
        keep: true,
        ...(kept?.operator === operator ? { resume: kept.token } : {}),
        ...(factorCode === "" ? {} : { code: factorCode }),
      }),
    onSuccess: async (answer, given) => {
      settleKeyring(keyring, keep ?? keyring.kept, given);
      keepSession(answer.resume === null ? null : { operator, token: answer.resume });
      setPassphrase("");
      useLock.setState({
        locked: null,
        greeting:
          answer.previousSignInAt === null && answer.failuresSince === 0
            ? null
            : {
                operator: answer.operator.name,
                previousSignInAt: answer.previousSignInAt,
                failuresSince: answer.failuresSince,
              },
      });
      await queries.invalidateQueries({ queryKey: orpc.session.key() });
    },
    onError: (error, given) => {
      // The passphrase was right: it stays for the moment that the code takes.
      setAsked((before) => before || asksForCode(error));
      setPassphrase(asksForCode(error) ? given : "");
      setFactorCode("");
      void queries.invalidateQueries({ queryKey: orpc.session.key() });
    },
  });
  const wait = useWait(
    Math.max(state.waitSeconds, waitSeconds(signIn.error)),
    `${state.failures} ${signIn.failureCount} ${signIn.submittedAt}`,
  );
  useEffect(() => {
    if (wait === 0) (asked ? codeField : field).current?.focus();
  }, [wait, asked]);
  const tries = text.step.tries(state.failures);
  const code = errorCode(signIn.error);
  const unexpected =
    signIn.error !== null &&
    code !== "wait" &&
    code !== "not-signed-in" &&
    code !== "not-allowed" &&
    code !== "refused";
  return (
    <form
      className={styles["form"]}
      onSubmit={(event) => {
        event.preventDefault();
        if (wait === 0 && passphrase !== "" && !signIn.isPending) signIn.mutate(passphrase);
      }}
    >
      <Walk
        steps={[
          {
            look: "running",
            title: text.step.passphrase,
            caption: text.step.passphraseCaption(operator === "" ? text.operator : operator),
            aside: tries === "" ? text.step.now : tries,
            body: (
              <div className={styles["fields"]}>
                {other ? (
                  <TextField
                    label={text.operator}
                    value={operator}
                    onChange={(event) => setOperator(event.target.value)}
                    autoComplete="off"
                  />
                ) : (
                  <SelectField
                    label={text.operator}
                    value={operator}
                    onChange={(event) => setOperator(event.target.value)}
                  >
                    {state.operators.map((name) => (
                      <option key={name}>{name}</option>
                    ))}
                  </SelectField>
                )}
                <SecretField
                  ref={field}
                  label={text.passphrase}
                  name="passphrase"
                  autoComplete="off"
                  value={passphrase}
                  disabled={wait > 0}
                  placeholder={wait > 0 ? text.opensIn(formatDuration(wait)) : ""}
                  onChange={(event) => setPassphrase(event.target.value)}
                />
                {asked ? (
                  <TextField
                    label={text.code}
                    note={text.codeNote}
                    value={factorCode}
                    onChange={(event) => setFactorCode(event.target.value)}
                    ref={codeField}
                    fact
                  />
                ) : null}
                {kept?.operator === operator && wait === 0 ? (
                  <p className="small dim">{text.resumes}</p>
                ) : null}
                {wait > 0 ? (
                  <p className={styles["wait"]} role="alert">
                    <b>
                      {text.wrong} {text.wait(formatDuration(wait))}
                    </b>{" "}
                    {text.waitWhy}
                  </p>
                ) : signIn.isError && !unexpected && !asksForCode(signIn.error) ? (
                  <p className={styles["wait"]} role="alert">
                    <b>{text.wrong}</b> {text.waitWhy}
                  </p>
                ) : null}
                {keyring.available ? (
                  <KeyringChoice
                    keyring={keyring}
                    keep={keep ?? keyring.kept}
                    onKeep={setKeep}
                    onRecalled={(recalled) => signIn.mutate(recalled)}
                  />
                ) : null}
                <div className={styles["actions"]}>
                  <Button
                    type="submit"
                    look="primary"
                    disabled={wait > 0 || signIn.isPending || passphrase === ""}
                  >
                    {signIn.isPending ? text.unlocking : text.unlock}
                  </Button>
                  {other ? null : (
                    <Button
                      look="quiet"
                      onClick={() => {
                        setOther(true);
                        setOperator("");
                      }}
                    >
                      {text.someoneElse}
                    </Button>
                  )}
                  <Button look="quiet" onClick={() => onWay("invitation")}>
                    {en.people.accept.open}
                  </Button>
                  <Button look="quiet" onClick={() => onWay("shares")}>
                    {en.recovery.open.link}
                  </Button>
                </div>
              </div>
            ),
          },
          { look: "waiting", title: text.step.look, caption: text.step.lookCaption },
        ]}
      />
      {unexpected ? <ErrorState failure={toFailure(signIn.error, en.failed.act(text.unlock))} /> : null}
    </form>
  );
}

/** Counts a wait of whole seconds down from the moment `since` changed. */
function useWait(seconds: number, since: string): number {
  const now = useNow(250);
  const [start, setStart] = useState({ since, seconds, atMs: now });
  if (start.since !== since || start.seconds !== seconds) setStart({ since, seconds, atMs: now });
  return Math.max(0, Math.ceil(seconds - (now - start.atMs) / 1000));
}

function WhileShut({ state, wasLocked }: { state: SignInState; wasLocked: boolean }) {
  return (
    <>
      <Section title={text.whileShut}>
        <Facts rows="wide">
          <Fact name={text.facts.station}>{text.facts.stationShut}</Fact>
          <Fact name={text.facts.jobs}>{text.facts.jobsShut}</Fact>
          <Fact name={text.facts.doors}>{text.facts.doorsShut}</Fact>
          <Fact name={text.facts.directory}>
            <span className="fact">{state.directory}</span>
          </Fact>
        </Facts>
      </Section>
      <Section title={text.leaves}>
        <ul className={styles["notes"]}>
          {wasLocked ? <li>{text.lockNotes.jobs}</li> : null}
          {wasLocked ? <li>{text.lockNotes.cache}</li> : null}
          <li>{wasLocked ? text.lockNotes.log : text.leavesText}</li>
        </ul>
      </Section>
    </>
  );
}
