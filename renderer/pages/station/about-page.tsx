import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { en } from "../../../shared/strings/en.ts";
import { Answer } from "../../app/answer.tsx";
import { orpc } from "../../rpc.ts";
import { Columns } from "../../ui/columns.tsx";
import { Hash } from "../../ui/fact.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { themes, usePreferences } from "../../ui/preferences.ts";
import { Section } from "../../ui/section.tsx";
import { Segmented } from "../../ui/segmented.tsx";
import styles from "./station-page.module.css";

const text = en.station;

/** The format that this version writes (docs/format.md). */
const batchFormat = "sallyport-batch@v1";

/** Versions, what leaves this machine (nothing), and how the console looks. */
export function AboutPage() {
  const shown = useQuery(orpc.station.show.queryOptions({ input: {} }));
  const preferences = usePreferences();
  return (
    <Columns kind="even">
      <div>
        <Section title={text.about}>
          <Answer query={shown} what={text.failed}>
            {(data) => (
              <Facts>
                <Fact name={text.aboutFacts.version}>{data.version}</Fact>
                <Fact name={text.aboutFacts.program}>
                  {data.program === null ? (
                    text.fromSources
                  ) : (
                    <Hash value={data.program} copy={text.aboutFacts.program} />
                  )}
                </Fact>
                <Fact name={text.aboutFacts.schema}>{data.schemaVersion}</Fact>
                <Fact name={text.aboutFacts.format}>
                  <span className="fact">{batchFormat}</span>
                </Fact>
                <Fact name={text.aboutFacts.sqlite}>{data.sqliteVersion}</Fact>
                <Fact name={text.aboutFacts.synchronous}>{data.synchronous}</Fact>
              </Facts>
            )}
          </Answer>
        </Section>
        <Section title={text.nothing} gap>
          <p className={styles["note"]}>{text.nothingAbout}</p>
        </Section>
      </div>
      <Section title={text.looks} caption={text.looksCaption}>
        <div className={styles["looks"]}>
          <Segmented
            label={text.theme}
            value={preferences.theme}
            onChange={preferences.setTheme}
            choices={themes.map((value) => ({ value, label: en.ui.themes[value] }))}
          />
          <Segmented
            label={text.zone}
            value={preferences.zone}
            onChange={preferences.setZone}
            choices={(["utc", "local"] as const).map((value) => ({ value, label: text.zones[value] }))}
          />
          <Link href="/components" className="under small">
            {text.components}
          </Link>
        </div>
      </Section>
    </Columns>
  );
}
