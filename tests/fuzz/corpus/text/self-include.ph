include "self.ph"
