import { useId, useState } from "react";
import type { InputPrice, Prices } from "../api/tokenizers.ts";
import type { Fetched } from "../api/use-fetched.ts";
import { formatUsd } from "../format/numbers.ts";
import { goBench } from "../state/location.ts";

/** The model whose price the counts are multiplied by, with the date of the price. */
export function PriceChoice({ prices, chosen, price }: { prices: Fetched<Prices>; chosen: string; price: InputPrice | undefined }) {
  const id = useId();
  const [typed, setTyped] = useState<string>();
  const list = prices.value;
  return (
    <div className="price-choice">
      <label htmlFor={id}>priced as</label>
      <input
        id={id}
        type="text"
        list={`${id}-models`}
        value={typed ?? chosen}
        placeholder="no price"
        spellCheck={false}
        aria-invalid={list !== undefined && chosen !== "" && price === undefined}
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => {
          const { value } = event.target;
          setTyped(value);
          if (value === "" || list?.models.some(({ provider, model }) => `${provider}/${model}` === value)) goBench({ price: value }, "replace");
        }}
        onBlur={() => setTyped(undefined)}
      />
      <datalist id={`${id}-models`}>
        {list?.models.map(({ provider, model }) => (
          <option key={`${provider}/${model}`} value={`${provider}/${model}`} />
        ))}
      </datalist>
      {price && list && (
        <small title={`${list.source.name}: US dollars per million input tokens of a small call`}>
          {formatUsd(price.input)}/M · {list.source.date}
        </small>
      )}
    </div>
  );
}
