/** A context. */
export class Context {
  #request
  #status = 200

  /** What was asked. */
  get request() {
    return (this.#request ??= {})
  }

  /** Sets the status. */
  status = (code) => {
    this.#status = code
  }
}
