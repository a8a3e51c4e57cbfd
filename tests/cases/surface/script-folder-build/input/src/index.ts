export { createSignal, Owner } from "./reactive/signal";
