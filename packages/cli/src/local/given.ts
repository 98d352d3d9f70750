/** Only what was given: an absent field and an undefined one are not the same to those who look at the names. */
export const given = <T extends object>(fields: T): { [name in keyof T]?: Exclude<T[name], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as { [name in keyof T]?: Exclude<T[name], undefined> };
