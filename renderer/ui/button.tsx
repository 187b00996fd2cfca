import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import styles from "./button.module.css";

type Look = "primary" | "normal" | "danger" | "quiet";

interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "className"> {
  readonly look?: Look;
  readonly small?: boolean;
  /** A reason why it can't be done yet: shown as its title, and the button takes no click but keeps its focus. */
  readonly notYet?: string | undefined;
  readonly icon?: ReactNode;
  readonly ref?: Ref<HTMLButtonElement>;
}

/** A button. One primary a screen; what can't be done yet says why instead of disappearing. */
export function Button({
  look = "normal",
  small = false,
  notYet,
  icon,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  const off = notYet !== undefined || rest.disabled === true;
  return (
    <button
      type="button"
      {...rest}
      className={[styles["button"], styles[off ? "off" : look], small ? styles["small"] : ""].join(" ")}
      aria-disabled={notYet === undefined ? undefined : true}
      title={notYet ?? rest.title}
      onClick={notYet === undefined ? onClick : (event) => event.preventDefault()}
    >
      {icon}
      {children}
    </button>
  );
}
