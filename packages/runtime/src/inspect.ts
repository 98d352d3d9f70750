export { attributeInput, attributeLogit, type InputAttribution, type LogitAttribution, type Target } from "./inspect/attribution.ts";
export { describeNetwork, type NetworkBlock, type NetworkDescription, type NetworkPart } from "./inspect/describe-network.ts";
export { hiddenStepper } from "./inspect/hidden-stepper.ts";
export { type LensCell, type LensOptions, type LensRow, logitLens } from "./inspect/lens.ts";
export { type Answer, type OpenModel, openModelInside, type Question, type Reading } from "./inspect/open-model.ts";
export { describePositions, type PositionReport, type PositionScheme, positionReport } from "./inspect/positions.ts";
