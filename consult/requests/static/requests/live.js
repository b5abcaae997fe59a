// The parts of these pages that stand for what others do.
import "../web/live.js";
