import fs from "node:fs"; import s from "./a.module.css"; export const R = () => <p className={s.x}>{String(fs)}{process.pid}</p>;
