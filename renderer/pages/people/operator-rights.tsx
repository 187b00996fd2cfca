import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { en } from "../../../shared/strings/en.ts";
import { orpc } from "../../rpc.ts";
import { Glyph } from "../../ui/glyph.tsx";
import { Section } from "../../ui/section.tsx";
import type { OperatorView } from "./operator-detail.tsx";
import { areasOf, marks } from "./rights-by-area.ts";
import styles from "./people.module.css";

const text = en.people.areas;

/** What an operator may do in each area, from the table that the station asks. */
export function OperatorRights({ operator }: { operator: OperatorView }) {
  const query = useQuery(orpc.operators.rights.queryOptions({ input: {} }));
  const areas = areasOf(query.data?.rights ?? [], operator);
  return (
    <Section
      title={text.title}
      caption={text.caption}
      aside={
        <Link href="/people/roles" className="under">
          {text.all}
        </Link>
      }
      gap
    >
      <table className={styles["areas"]} aria-label={text.title}>
        <thead>
          <tr>
            <th scope="col">{text.area}</th>
            {marks.map((mark) => (
              <th key={mark} scope="col">
                {text.marks[mark]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {areas.map((row) => (
            <tr key={row.area}>
              <th scope="row">{row.area}</th>
              {marks.map((mark) => (
                <td key={mark}>
                  {row[mark] ? <Glyph shape="done" size={12} /> : <span aria-hidden="true">–</span>}
                  <span className="hidden-text">{row[mark] ? en.people.yes : en.people.no}</span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
