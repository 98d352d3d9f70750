/** Numbers in a row, growing. */
export class IdList {
  ids = new Int32Array(256);
  count = 0;

  push(id: number): void {
    if (this.count === this.ids.length) this.#grow(this.count + 1);
    this.ids[this.count++] = id;
  }

  append(ids: Int32Array): void {
    if (this.count + ids.length > this.ids.length) this.#grow(this.count + ids.length);
    this.ids.set(ids, this.count);
    this.count += ids.length;
  }

  taken(): Int32Array {
    return this.ids.slice(0, this.count);
  }

  #grow(least: number): void {
    const grown = new Int32Array(Math.max(2 * this.ids.length, least));
    grown.set(this.ids);
    this.ids = grown;
  }
}
