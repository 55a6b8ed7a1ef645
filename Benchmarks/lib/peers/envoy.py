from ..problems import NotMeasured
from .peer import Peer
def no(*a): raise NotMeasured("soon")
PEER = Peer("envoy", "Envoy", True, no, no, no)
