/** A place in a {@link LinkedQueue}. */
export interface Place<T> {
  readonly item: T
  previous: Place<T> | undefined
  next: Place<T> | undefined
}

/**
 * A queue from whose middle one can leave.
 *
 * Not a Set: tables that a Set has outgrown point to their successors, and once the first of them is
 * old, the garbage collector takes all that the others held for live until the next full collection.
 * With a request per item, young collections took ten times as long. Here a place that was left
 * points to nothing.
 */
export class LinkedQueue<T> {
  #first: Place<T> | undefined
  #last: Place<T> | undefined
  #size = 0

  /** How many there are. */
  get size(): number {
    return this.#size
  }

  /** The one that has been there longest. */
  get first(): Place<T> | undefined {
    return this.#first
  }

  /** Adds one at the end. The result is what {@link remove} takes. */
  add(item: T): Place<T> {
    const last = this.#last
    const place: Place<T> = {item, previous: last, next: undefined}
    if (last === undefined) this.#first = place
    else last.next = place
    this.#last = place
    this.#size++
    return place
  }

  /** Removes one. Does nothing when it was removed before. */
  remove(place: Place<T>): void {
    const {previous, next} = place
    const isPlaced = this.#first === place || previous !== undefined
    if (!isPlaced) return
    if (previous === undefined) this.#first = next
    else previous.next = next
    if (next === undefined) this.#last = previous
    else next.previous = previous
    place.previous = undefined
    place.next = undefined
    this.#size--
  }
}
