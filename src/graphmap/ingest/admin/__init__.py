"""Operations on a store: opening, inventory, quarantine, erasure, verification, and the control socket."""
