export { auditTerms } from "./audit-terms.ts";
export { compareTokenizers } from "./compare-tokenizers.ts";
export { defaultThresholds } from "./decide.ts";
export { type QueryFields, readQueries, readTerms, type TermFields } from "./read-inputs.ts";
export { type RowFormat, rowFormatOf } from "./read-rows.ts";
export type {
  AuditAdvice,
  AuditOptions,
  AuditSummary,
  AuditThresholds,
  AuditVerdict,
  ComparedTokenizer,
  CompareOptions,
  CostFigures,
  Distribution,
  LanguageFigures,
  LanguageShare,
  LossyCounts,
  Query,
  Ranking,
  Saving,
  Share,
  Term,
  TermAudit,
  TermContext,
  TermFigures,
  TokenizerComparison,
  TokenizerFigures,
  TokenPrices,
} from "./report-types.ts";
export { auditCsv, comparisonCsv } from "./write-csv.ts";
