include "loop.ph"
