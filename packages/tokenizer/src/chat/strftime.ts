const months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

const two = (value: number) => String(value).padStart(2, "0");

const directives: Record<string, (date: Date) => string> = {
  "%Y": (date) => String(date.getFullYear()),
  "%y": (date) => two(date.getFullYear() % 100),
  "%m": (date) => two(date.getMonth() + 1),
  "%d": (date) => two(date.getDate()),
  "%B": (date) => months[date.getMonth()] as string,
  "%b": (date) => (months[date.getMonth()] as string).slice(0, 3),
  "%A": (date) => days[date.getDay()] as string,
  "%a": (date) => (days[date.getDay()] as string).slice(0, 3),
  "%H": (date) => two(date.getHours()),
  "%I": (date) => two(date.getHours() % 12 || 12),
  "%p": (date) => (date.getHours() < 12 ? "AM" : "PM"),
  "%M": (date) => two(date.getMinutes()),
  "%S": (date) => two(date.getSeconds()),
  "%%": () => "%",
};

/** Python's `strftime` in the C locale, local time; a directive that is not here stays as it is. */
export const strftime = (date: Date, format: string): string =>
  format.replace(/%[A-Za-z%]/g, (directive) => directives[directive]?.(date) ?? directive);
