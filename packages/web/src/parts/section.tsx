import type { ReactNode } from "react";

/** A headed part of a panel, its title on a rule as on a drawing. */
export function Section({ title, aside, children, className = "" }: { title: string; aside?: ReactNode; children: ReactNode; className?: string }) {
  return (
    <section className={`section ${className}`}>
      <h3 className="rule">
        <span>{title}</span>
        {aside !== undefined && <small>{aside}</small>}
      </h3>
      {children}
    </section>
  );
}

/** Names and values; an undefined value is not listed, `null` is shown as unknown. */
export function Facts({ of }: { of: readonly (readonly [name: string, value: ReactNode])[] }) {
  const rows = of.filter(([, value]) => value !== undefined);
  return (
    <dl className="facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value === null ? <Unknown /> : value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Hatched, as material that was not cut open. */
export const Unknown = ({ why }: { why?: string | undefined }) => (
  <span className="unknown" title={why}>
    unknown
  </span>
);
